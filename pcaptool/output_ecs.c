/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Elastic Common Schema 8. The names are dotted paths; they are collected by rank and then written as nested objects.
 * Which path a field has is in the catalogue's dictionary; what has none stands under ftd.
 */
#include "ecs_names.h"
#include "json.h"
#include "output.h"

/* Each value has at most two paths. */
enum { PATHS_MAX = 2 * MSGT_VALUES_MAX + ECS_COMMON + 32 };

struct path {
    const char *text; /* NULL: the number */
    size_t length;
    int64_t number;
    bool plain; /* needs no escape */
};

struct document {
    const struct ecs_names *names;
    const struct record *record;
    uint32_t order[PATHS_MAX]; /* rank << 8 | index of the path, rising */
    struct path paths[PATHS_MAX];
    unsigned count;
    size_t room; /* octets that texts may take */
    struct scalar times[2], source;
    char id[DIGITS_MOST];
};
_Static_assert(PATHS_MAX <= 256, "an index has 8 bits");

/* Most come in their order already; those of the same name stay as they came. */
static inline struct path *add(struct document *d, uint32_t rank)
{
    unsigned at = d->count;
    uint32_t place = rank << 8 | d->count;
    for (; at > 0 && d->order[at - 1] > place; at--)
        d->order[at] = d->order[at - 1];
    d->order[at] = place;
    return &d->paths[d->count++];
}

static inline void add_text(struct document *d, uint32_t rank, const char *text, size_t length, bool plain)
{
    if (length == 0)
        return;
    *add(d, rank) = (struct path){.text = text, .length = length, .plain = plain};
    d->room += plain ? length + 2 : json_room(length);
}

#define ADD_LITERAL(d, name, text) add_text(d, (d)->names->common[name], text, sizeof(text) - 1, true)

static inline void add_wire(struct document *d, uint32_t rank, uint32_t offset, uint32_t length)
{
    add_text(d, rank, record_octets(d->record, offset), length, d->record->message.plain);
}

static inline void add_number(struct document *d, uint32_t rank, int64_t number)
{
    *add(d, rank) = (struct path){.number = number};
}

/* What KEY of the record holds; false when that is nothing. */
static bool add_key(struct document *d, enum ecs_common name, const struct record_key *key, struct scalar *scalar)
{
    scalar->kind = SCALAR_NONE;
    key->get(d->record, scalar);
    if (scalar->kind == SCALAR_TEXT)
        add_text(d, d->names->common[name], scalar->text, scalar->length, scalar->origin >= SCALAR_PLAIN);
    return scalar->kind == SCALAR_TEXT;
}

static bool has_path(const struct document *d, uint32_t rank)
{
    for (unsigned i = 0; i < d->count; i++)
        if (d->order[i] >> 8 == rank)
            return true;
    return false;
}

/* ECS types: addresses in *.ip, what is no address in *.address; ports are numbers, all else is text. A path takes one
 * value. */
static bool add_mapped(struct document *d, const struct msgt_value *value, const struct ecs_field *field)
{
    const uint32_t *common = d->names->common;
    bool is_address = value->kind == MSGT_KIND_IPV4 || value->kind == MSGT_KIND_IPV6;
    uint32_t rank = is_address ? field->mapped : field->address;
    if (value->length == 0 || has_path(d, rank))
        return false;
    if (value->kind == MSGT_KIND_NUMBER && field->port)
        add_number(d, rank, value->as.number);
    else
        add_wire(d, rank, value->offset, value->length);
    if (is_address)
        add_wire(d, common[ECS_RELATED_IP], value->offset, value->length);
    if (rank == common[ECS_USER_NAME])
        add_wire(d, common[ECS_RELATED_USER], value->offset, value->length);
    return true;
}

static void add_value(struct document *d, const struct msgt_value *value)
{
    const struct ecs_field *field = &d->names->fields[value->field];
    if (field->mapped != ECS_NO_NAME && add_mapped(d, value, field))
        return;
    if (value->kind == MSGT_KIND_NUMBER)
        add_number(d, field->own, value->as.number);
    else
        add_wire(d, field->own, value->offset, value->length);
}

static void add_dataset(struct document *d, struct msgt_span product)
{
    static const char *const datasets[][2] = {
        {"FTD", "cisco.ftd"}, {"ASA", "cisco.asa"}, {"PIX", "cisco.pix"}, {"FWSM", "cisco.fwsm"}};
    for (size_t i = 0; i < G_N_ELEMENTS(datasets); i++)
        if (strlen(datasets[i][0]) == product.length &&
            memcmp(datasets[i][0], record_octets(d->record, product.offset), product.length) == 0)
            add_text(d, d->names->common[ECS_EVENT_DATASET], datasets[i][1], strlen(datasets[i][1]), true);
}

/* In the order of the names, as far as that goes. */
static void add_header(struct document *d)
{
    const struct msgt_record *m = &d->record->message;
    const uint32_t *common = d->names->common;
    bool device_time = add_key(d, ECS_TIMESTAMP, d->names->device_time, &d->times[0]);
    if (!device_time)
        add_key(d, ECS_TIMESTAMP, d->names->time, &d->times[0]);
    ADD_LITERAL(d, ECS_VERSION, "8.11.0");
    if (m->tag.length)
        add_text(d, common[ECS_EVENT_CODE], d->id, (size_t)(put_uint(d->id, m->id) - d->id), true);
    if (device_time)
        add_key(d, ECS_EVENT_CREATED, d->names->time, &d->times[1]);
    add_dataset(d, m->product);
    ADD_LITERAL(d, ECS_EVENT_KIND, "event");
    ADD_LITERAL(d, ECS_EVENT_MODULE, "cisco");
    if (m->severity >= 0) {
        const char *level = msgt_severity_name((unsigned)m->severity, MSGT_EN);
        add_number(d, common[ECS_EVENT_SEVERITY], m->severity);
        add_text(d, common[ECS_LOG_LEVEL], level, strlen(level), true);
    }
    if (m->pri >= 0) {
        add_number(d, common[ECS_SYSLOG_FACILITY], m->pri >> 3);
        add_number(d, common[ECS_SYSLOG_PRIORITY], m->pri);
        add_number(d, common[ECS_SYSLOG_SEVERITY], m->pri & 7);
    }
    add_wire(d, common[ECS_MESSAGE], m->message.offset, m->message.length);
    add_key(d, ECS_OBSERVER_IP, d->names->source, &d->source);
    add_wire(d, common[ECS_OBSERVER_NAME], m->hostname.offset, m->hostname.length);
    add_wire(d, common[ECS_OBSERVER_PRODUCT], m->product.offset, m->product.length);
    ADD_LITERAL(d, ECS_OBSERVER_TYPE, "firewall");
    ADD_LITERAL(d, ECS_OBSERVER_VENDOR, "Cisco");
}

static void add_findings(struct document *d)
{
    for (uint32_t left = d->record->message.findings & ~msgt_quiet_findings(); left; left &= left - 1) {
        const char *code = msgt_finding((enum msgt_finding)__builtin_ctz(left)).code;
        add_text(d, d->names->common[ECS_TAGS], code, strlen(code), true);
    }
}

static inline char *put_leaf(char *to, const struct path *path)
{
    if (!path->text)
        return put_int(to, path->number);
    return path->plain ? json_put_plain(to, path->text, path->length) : json_put(to, path->text, path->length);
}

/* Leaves the objects around PREVIOUS, or none, that are not around NAME, and enters the others. */
static inline char *put_name(char *to, const struct ecs_name *previous, const struct ecs_name *name)
{
    unsigned shared = 0, around = previous ? previous->depth : 0;
    while (shared < around && shared < name->depth && previous->levels[shared].object == name->levels[shared].object)
        shared++;
    for (unsigned i = shared; i < around; i++)
        *to++ = '}';
    *to = ',';
    to += previous != NULL;
    size_t from = shared ? name->levels[shared - 1].inside : 0;
    memcpy(to, name->json + from, name->length - from);
    return to + name->length - from;
}

static void write_document(struct buffer *buffer, const struct document *d)
{
    const struct ecs_name *previous = NULL;
    /* A name, as many brackets as objects can be left, a number. */
    buffer_need(buffer, d->count * (2 * d->names->longest + DIGITS_MOST + sizeof ",[]") + d->room + sizeof "{}\n");
    char *to = buffer_at(buffer);
    *to++ = '{';
    for (unsigned i = 0; i < d->count; i++) {
        uint32_t rank = d->order[i] >> 8;
        const struct ecs_name *name = &d->names->names[rank];
        bool again = i > 0 && d->order[i - 1] >> 8 == rank, more = i + 1 < d->count && d->order[i + 1] >> 8 == rank;
        bool list = again || more || name->list; /* in ECS some are arrays also with one value */
        if (again)
            *to++ = ',';
        else
            to = put_name(to, previous, name);
        if (list && !again)
            *to++ = '[';
        to = put_leaf(to, &d->paths[d->order[i] & 255]);
        if (list && !more)
            *to++ = ']';
        previous = name;
    }
    for (unsigned i = previous ? previous->depth : 0; i > 0; i--)
        *to++ = '}';
    memcpy(to, "}\n", 2);
    buffer_end(buffer, to + 2);
}

void output_ecs_prepare(struct output_style *style, const struct msgt_table *table)
{
    style->ecs = ecs_names_new(table);
}

void output_ecs_record(struct writer *writer, const struct record *record)
{
    struct document document; /* large: not cleared */
    document.names = writer->style->ecs;
    document.record = record;
    document.count = 0;
    document.room = 0;
    add_header(&document);
    for (unsigned i = 0; i < record->message.count; i++)
        add_value(&document, &record->message.values[i]);
    add_findings(&document);
    write_document(&writer->buffer, &document);
}
