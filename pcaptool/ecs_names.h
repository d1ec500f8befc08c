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
    ECS_OBSERVER_HOSTNAME,
    ECS_OBSERVER_IP,
    ECS_OBSERVER_PRODUCT,
    ECS_OBSERVER_TYPE,
    ECS_OBSERVER_VENDOR,
    ECS_RELATED_IP,
    ECS_RELATED_USER,
    ECS_TAGS,
    ECS_USER_NAME,
    ECS_COMMON
};

enum ecs_form {
    ECS_TEXT,
    ECS_LOWER,  /* text in lower case */
    ECS_NUMBER, /* where it is one */
    ECS_LIST    /* an array also of one text */
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
    enum ecs_form form;
    bool constant;       /* of every record, and always the same: json holds the value */
    char *tail;          /* names with such values that follow at once; may be read in steps */
    size_t tail_length;
    uint32_t last; /* rank of the last of these, else its own */
};

/* Ranks of what a field may be called. */
struct ecs_field {
    uint32_t own;     /* ftd.NAME */
    uint32_t mapped;  /* as the catalogue says, or ECS_NO_NAME */
    uint32_t address; /* the same where the value is no address */
};

struct ecs_names {
    struct ecs_name *names; /* sorted as strcmp() does */
    size_t count;
    size_t longest; /* octets of json */
    size_t tails;   /* of all tails together, read in steps */
    uint32_t common[ECS_COMMON];
    uint64_t common_bits; /* of their ranks, see ecs_bit() */
    struct ecs_priority { /* 20},"priority":166,"severity":{"code":6 behind the name of the facility, where nothing can stand in between; else empty */
        char text[2 * COPY_STEP];
        size_t length;
    } priorities[192];
    struct ecs_field *fields; /* of the table, by index */
    const struct record_key *time, *device_time, *source;
};

/* One of 64 bits for a rank; others may have the same. */
static inline uint64_t ecs_bit(uint32_t rank) { return UINT64_C(1) << (rank & 63); }

/* Leaves the objects around PREVIOUS that are not around NAME, and enters the others. */
char *ecs_put_name(char *to, const struct ecs_name *previous, const struct ecs_name *name);

struct ecs_names *ecs_names_new(const struct msgt_table *table);
void ecs_names_free(struct ecs_names *names);

#endif
