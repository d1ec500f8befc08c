/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Elastic Common Schema 8. The names are dotted paths; they are collected in order and then written as nested objects. Which path a field
 * has is in the catalogue's dictionary; what has none stands under ftd.
 */
#include "json.h"
#include "output.h"

enum { PATHS_MAX = 160, PATH_LENGTH = 96, NAMES_ROOM = 2 * MSGT_VALUES_MAX * PATH_LENGTH };

struct path {
    const char *name; /* of ours, of the table, or in the document's names */
    uint64_t head;    /* its first octets, as a number that sorts as they do */
    const char *text;
    size_t length;
    int64_t number;
    bool is_number;
};

struct document {
    struct path paths[PATHS_MAX]; /* in the order of their names, those of the same name as they came */
    unsigned count;
    struct scalar scalars[8]; /* own the scratch text that paths point to */
    unsigned scalars_used;
    char names[NAMES_ROOM]; /* those put together for this record */
    size_t names_used;
};

static uint64_t head_of(const char *name)
{
    uint64_t head = 0;
    for (unsigned i = 0; i < 8; i++) {
        head = head << 8 | (uint8_t)*name;
        name += *name != 0;
    }
    return head;
}

/* strcmp() of names. */
static int compare(const struct path *path, const char *name, uint64_t head)
{
    return path->head != head ? path->head < head ? -1 : 1 : strcmp(path->name, name);
}

/* Most names come in their order already. */
static struct path *add(struct document *d, const char *name)
{
    uint64_t head = head_of(name);
    unsigned at = d->count;
    if (d->count == PATHS_MAX)
        return NULL;
    while (at > 0 && compare(&d->paths[at - 1], name, head) > 0)
        at--;
    memmove(&d->paths[at + 1], &d->paths[at], (d->count++ - at) * sizeof *d->paths);
    d->paths[at] = (struct path){.name = name, .head = head};
    return &d->paths[at];
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

/* LENGTH octets of START, and END. At most two for each value, so there is room. */
static const char *join(struct document *d, const char *start, size_t length, const char *end)
{
    char *name = d->names + d->names_used;
    size_t end_length = MIN(strlen(end), PATH_LENGTH - 1 - length);
    memcpy(name, start, length);
    memcpy(name + length, end, end_length);
    name[length + end_length] = 0;
    d->names_used += length + end_length + 1;
    return name;
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
    uint64_t head = head_of(name);
    for (unsigned i = 0; i < d->count; i++)
        if (compare(&d->paths[i], name, head) == 0)
            return true;
    return false;
}

static bool ends_with(const char *name, size_t length, const char *end)
{
    size_t end_length = strlen(end);
    return length >= end_length && memcmp(name + length - end_length, end, end_length) == 0;
}

/* ECS types: addresses in *.ip, what is no address in *.address; ports are numbers, all else is text. A path takes one value. */
static bool add_mapped(struct document *d, const struct record *record, const struct msgt_value *value, const char *ecs)
{
    bool is_address = value->kind == MSGT_KIND_IPV4 || value->kind == MSGT_KIND_IPV6;
    size_t length = strlen(ecs);
    const char *name = ecs;
    if (!is_address && length < PATH_LENGTH && ends_with(ecs, length, ".ip"))
        name = join(d, ecs, length - 2, "address");
    if (has_path(d, name) || value->length == 0)
        return false;
    if (value->kind == MSGT_KIND_NUMBER && ends_with(ecs, length, ".port"))
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
    const char *name = join(d, "ftd.", 4, field.name);
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
    if (m->tag.length) {
        struct scalar *id = &d->scalars[d->scalars_used++];
        id->length = (size_t)(put_uint(id->scratch, m->id) - id->scratch);
        add_text(d, "event.code", id->scratch, id->length);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(datasets); i++)
        if (strlen(datasets[i][0]) == m->product.length &&
            memcmp(datasets[i][0], record_octets(record, m->product.offset), m->product.length) == 0)
            add_text(d, "event.dataset", datasets[i][1], strlen(datasets[i][1]));
    add_text(d, "event.kind", "event", 5);
    add_text(d, "event.module", "cisco", 5);
    if (m->severity >= 0) {
        const char *level = msgt_severity_name((unsigned)m->severity, MSGT_EN);
        add_number(d, "event.severity", m->severity);
        add_text(d, "log.level", level, strlen(level));
    }
    if (m->pri >= 0) {
        add_number(d, "log.syslog.facility.code", m->pri >> 3);
        add_number(d, "log.syslog.priority", m->pri);
        add_number(d, "log.syslog.severity.code", m->pri & 7);
    }
    add_text(d, "message", record_octets(record, m->message.offset), m->message.length);
    add_key(d, "observer.ip", record, "src");
    add_text(d, "observer.name", record_octets(record, m->hostname.offset), m->hostname.length);
    add_text(d, "observer.product", record_octets(record, m->product.offset), m->product.length);
    add_text(d, "observer.type", "firewall", 8);
    add_text(d, "observer.vendor", "Cisco", 5);
}

static void add_findings(struct document *d, const struct record *record)
{
    for (uint32_t left = record->message.findings & ~msgt_quiet_findings(); left; left &= left - 1) {
        const char *code = msgt_finding((enum msgt_finding)__builtin_ctz(left)).code;
        add_text(d, "tags", code, strlen(code));
    }
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
                size_t length = last ? at + 1 - from : at - from;
                buffer_need(buffer, json_room(length) + 2);
                char *to = json_put(buffer_at(buffer), name + from, length);
                memcpy(to, ":{", 2);
                buffer_end(buffer, to + (last ? 1 : 2));
                from = at + 1;
            }
            /* related.* and tags are arrays in ECS, also with one value. */
            is_list = strncmp(name, "related.", 8) == 0 || strcmp(name, "tags") == 0 ||
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
    struct document document, *d = &document; /* large: not cleared */
    d->count = d->scalars_used = 0;
    d->names_used = 0;
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
    write_document(&writer->buffer, d);
}
