/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dotted names of the Elastic Common Schema that a record may have: those of every record, and those of the
 * catalogue's fields. They are sorted, and written as JSON, once; a record then knows them by their rank.
 */
#ifndef FTDPCAP_ECS_NAMES_H
#define FTDPCAP_ECS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

#define ECS_NO_NAME UINT32_MAX

/* Of every record: row by row as in ecs_names.c. */
enum ecs_common {
    ECS_TIMESTAMP,
    ECS_VERSION,
    ECS_EVENT_CODE,
    ECS_EVENT_CREATED,
    ECS_EVENT_DATASET,
    ECS_EVENT_KIND,
    ECS_EVENT_MODULE,
    ECS_EVENT_SEVERITY,
    ECS_LOG_LEVEL,
    ECS_SYSLOG_FACILITY,
    ECS_SYSLOG_PRIORITY,
    ECS_SYSLOG_SEVERITY,
    ECS_MESSAGE,
    ECS_OBSERVER_IP,
    ECS_OBSERVER_NAME,
    ECS_OBSERVER_PRODUCT,
    ECS_OBSERVER_TYPE,
    ECS_OBSERVER_VENDOR,
    ECS_RELATED_IP,
    ECS_RELATED_USER,
    ECS_TAGS,
    ECS_USER_NAME,
    ECS_COMMON
};

struct ecs_name {
    char *text;     /* log.level */
    char *json;     /* "log":{"level": */
    size_t length;  /* of json */
    unsigned depth; /* objects around it */
    struct ecs_level {
        uint32_t object; /* the same number: the same object */
        uint32_t inside; /* octets of json in front of what stands in it */
    } * levels;          /* of each of these */
    bool list;           /* an array also of one value */
    bool constant;       /* of every record, and always the same: json holds the value */
};

/* Ranks of what a field may be called. */
struct ecs_field {
    uint32_t own;     /* ftd.NAME */
    uint32_t mapped;  /* as the catalogue says, or ECS_NO_NAME */
    uint32_t address; /* the same where the value is no address */
    bool port;
};

struct ecs_names {
    struct ecs_name *names; /* sorted as strcmp() does */
    size_t count;
    size_t longest; /* octets of json */
    uint32_t common[ECS_COMMON];
    struct ecs_field *fields; /* of the table, by index */
    const struct record_key *time, *device_time, *source;
};

struct ecs_names *ecs_names_new(const struct msgt_table *table);
void ecs_names_free(struct ecs_names *names);

#endif
