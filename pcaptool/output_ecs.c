/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Elastic Common Schema 8. The names are dotted paths; they are collected, sorted and then written as nested objects. Which path a field
 * has is in the catalogue's dictionary; what has none stands under ftd.
 */
#include <stdlib.h>

#include "json.h"
#include "output.h"

enum { PATHS_MAX = 160, PATH_LENGTH = 96 };

struct path {
    char name[PATH_LENGTH];
    const char *text;
    size_t length;
    int64_t number;
    bool is_number;
    unsigned order;
};

struct document {
    struct path paths[PATHS_MAX];
    unsigned count;
    struct scalar scalars[8]; /* own the scratch text that paths point to */
    unsigned scalars_used;
};

static struct path *add(struct document *d, const char *name)
{
    if (d->count == PATHS_MAX)
        return NULL;
    struct path *path = &d->paths[d->count];
    g_strlcpy(path->name, name, PATH_LENGTH);
    path->is_number = false;
    path->order = d->count++;
    return path;
}

static void add_text(struct document *d, const char *name, const char *text, size_t length)
{
    struct path *path = length ? add(d, name) : NULL;
    if (!path)
        return;
    path->text = text;
    path->length = length;
}

static void add_number(struct document *d, const char *name, int64_t number)
{
    struct path *path = add(d, name);
    if (!path)
        return;
    path->is_number = true;
    path->number = number;
}

static void add_key(struct document *d, const char *name, const struct record *record, const char *key)
{
    if (d->scalars_used == G_N_ELEMENTS(d->scalars))
        return;
    struct scalar *scalar = &d->scalars[d->scalars_used++];
    scalar->kind = SCALAR_NONE;
    record_key(key)->get(record, scalar);
    if (scalar->kind == SCALAR_NUMBER)
        add_number(d, name, scalar->number);
    else if (scalar->kind == SCALAR_TEXT)
        add_text(d, name, scalar->text, scalar->length);
}

static bool has_path(const struct document *d, const char *name)
{
    for (unsigned i = 0; i < d->count; i++)
        if (strcmp(d->paths[i].name, name) == 0)
            return true;
    return false;
}

/* ECS types: addresses in *.ip, what is no address in *.address; ports are numbers, all else is text. A path takes one value. */
static bool add_mapped(struct document *d, const struct record *record, const struct msgt_value *value, const char *ecs)
{
    char name[PATH_LENGTH];
    bool is_address = value->kind == MSGT_KIND_IPV4 || value->kind == MSGT_KIND_IPV6;
    g_strlcpy(name, ecs, sizeof name);
    if (g_str_has_suffix(ecs, ".ip") && !is_address) {
        name[strlen(name) - 2] = 0;
        g_strlcat(name, "address", sizeof name);
    }
    if (has_path(d, name) || value->length == 0)
        return false;
    if (g_str_has_suffix(name, ".port") && value->kind == MSGT_KIND_NUMBER)
        add_number(d, name, value->as.number);
    else
        add_text(d, name, record_octets(record, value->offset), value->length);
    if (is_address)
        add_text(d, "related.ip", record_octets(record, value->offset), value->length);
    if (strcmp(name, "user.name") == 0)
        add_text(d, "related.user", record_octets(record, value->offset), value->length);
    return true;
}

static void add_value(struct document *d, const struct record *record, const struct msgt_value *value)
{
    struct msgt_field field = msgt_field(record->view->table, value->field, MSGT_EN);
    if (*field.ecs && add_mapped(d, record, value, field.ecs))
        return;
    char name[PATH_LENGTH];
    g_snprintf(name, sizeof name, "ftd.%s", field.name);
    if (value->kind == MSGT_KIND_NUMBER)
        add_number(d, name, value->as.number);
    else
        add_text(d, name, record_octets(record, value->offset), value->length);
}

static void add_header(struct document *d, const struct record *record)
{
    static const char *const datasets[][2] = {{"FTD", "cisco.ftd"}, {"ASA", "cisco.asa"}, {"PIX", "cisco.pix"}, {"FWSM", "cisco.fwsm"}};
    const struct msgt_record *m = &record->message;
    add_text(d, "ecs.version", "8.11.0", 6);
    add_text(d, "event.kind", "event", 5);
    add_text(d, "event.module", "cisco", 5);
    for (size_t i = 0; i < G_N_ELEMENTS(datasets); i++)
        if (strlen(datasets[i][0]) == m->product.length &&
            memcmp(datasets[i][0], record_octets(record, m->product.offset), m->product.length) == 0)
            add_text(d, "event.dataset", datasets[i][1], strlen(datasets[i][1]));
    if (m->tag.length) {
        struct scalar *id = &d->scalars[d->scalars_used++];
        id->length = (size_t)g_snprintf(id->scratch, sizeof id->scratch, "%u", m->id);
        add_text(d, "event.code", id->scratch, id->length);
    }
    if (m->severity >= 0) {
        const char *level = msgt_severity_name((unsigned)m->severity, MSGT_EN);
        add_number(d, "event.severity", m->severity);
        add_text(d, "log.level", level, strlen(level));
    }
    add_text(d, "observer.vendor", "Cisco", 5);
    add_text(d, "observer.type", "firewall", 8);
    add_text(d, "observer.product", record_octets(record, m->product.offset), m->product.length);
    add_text(d, "observer.name", record_octets(record, m->hostname.offset), m->hostname.length);
    add_key(d, "observer.ip", record, "src");
    add_key(d, "log.syslog.priority", record, "pri");
    add_key(d, "log.syslog.facility.code", record, "facility");
    add_key(d, "log.syslog.severity.code", record, "pri_severity");
    add_key(d, "message", record, "message");
}

static void add_findings(struct document *d, const struct record *record)
{
    for (unsigned i = 0; i < MSGT_FINDINGS; i++) {
        struct msgt_finding_info info = msgt_finding((enum msgt_finding)i);
        if (record->message.findings & 1u << i && !info.quiet)
            add_text(d, "tags", info.code, strlen(info.code));
    }
}

static int by_name(const void *a, const void *b)
{
    const struct path *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order ? order : (left->order > right->order) - (left->order < right->order);
}

static void write_leaf(struct buffer *buffer, const struct path *path)
{
    if (path->is_number)
        buffer_int(buffer, path->number);
    else
        json_string(buffer, path->text, path->length);
}

/* Where both names stop having the same objects around them, in octets; always behind a dot or 0. */
static size_t common_objects(const char *a, const char *b)
{
    size_t common = 0;
    for (size_t i = 0; a[i] && a[i] == b[i]; i++)
        if (a[i] == '.')
            common = i + 1;
    return common;
}

static size_t dots(const char *name, size_t from)
{
    size_t count = 0;
    for (; name[from]; from++)
        count += name[from] == '.';
    return count;
}

static void write_document(struct buffer *buffer, const struct document *d)
{
    const char *previous = "";
    bool is_list = false;
    buffer_char(buffer, '{');
    for (unsigned i = 0; i < d->count; i++) {
        const char *name = d->paths[i].name;
        if (strcmp(previous, name) == 0) {
            buffer_char(buffer, ',');
            write_leaf(buffer, &d->paths[i]);
        } else {
            size_t common = common_objects(previous, name);
            buffer_fill(buffer, '}', dots(previous, common));
            json_separate(buffer);
            for (size_t from = common, at = common; name[at]; at++) {
                bool last = name[at + 1] == 0;
                if (name[at] != '.' && !last)
                    continue;
                json_string(buffer, name + from, last ? at + 1 - from : at - from);
                buffer_text(buffer, last ? ":" : ":{");
                from = at + 1;
            }
            /* related.* and tags are arrays in ECS, also with one value. */
            is_list = g_str_has_prefix(name, "related.") || strcmp(name, "tags") == 0 ||
                      (i + 1 < d->count && strcmp(d->paths[i + 1].name, name) == 0);
            if (is_list)
                buffer_char(buffer, '[');
            write_leaf(buffer, &d->paths[i]);
        }
        if (is_list && (i + 1 == d->count || strcmp(d->paths[i + 1].name, name) != 0)) {
            buffer_char(buffer, ']');
            is_list = false;
        }
        previous = name;
    }
    buffer_fill(buffer, '}', dots(previous, 0) + 1);
    buffer_char(buffer, '\n');
}

void output_ecs_record(struct writer *writer, const struct record *record)
{
    struct document *d = g_new(struct document, 1);
    d->count = d->scalars_used = 0;
    struct scalar utc = {0};
    record_key("timestamp_utc")->get(record, &utc);
    if (utc.kind == SCALAR_TEXT) {
        add_text(d, "@timestamp", utc.text, utc.length);
        add_key(d, "event.created", record, "time");
    } else {
        add_key(d, "@timestamp", record, "time");
    }
    add_header(d, record);
    for (unsigned i = 0; i < record->message.count; i++)
        add_value(d, record, &record->message.values[i]);
    add_findings(d, record);
    qsort(d->paths, d->count, sizeof *d->paths, by_name);
    write_document(&writer->buffer, d);
    g_free(d);
}
