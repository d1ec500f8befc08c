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
    const char *text;          /* NULL: the number */
    uint32_t length, readable; /* octets, and so many may be read */
    int64_t number;
    bool plain; /* needs no escape */
};

/* Ranks in rising order, each with the index of its path: rank << 8 | index. Behind them END. */
struct sequence {
    unsigned count;
    uint32_t places[PATHS_MAX + 1];
};
#define END UINT32_MAX

struct document {
    const struct ecs_names *names;
    const struct record *record;
    struct sequence header, values; /* of every record, and of this message */
    struct path paths[PATHS_MAX];
    unsigned count;
    uint64_t taken; /* bits of the ranks that are there; others may have the same */
    size_t room;    /* octets that texts may take */
    struct scalar times[2], source;
    char id[COPY_STEP];
};
_Static_assert(PATHS_MAX <= 256, "an index has 8 bits");

static uint64_t bit_of(uint32_t rank) { return UINT64_C(1) << (rank & 63); }

/* Names of every record come in their order. */
static inline struct path *add_common(struct document *d, enum ecs_common name)
{
    uint32_t rank = d->names->common[name];
    d->taken |= bit_of(rank);
    d->header.places[d->header.count++] = rank << 8 | d->count;
    return &d->paths[d->count++];
}

/* Others are sorted in; those of the same name stay as they came. */
static inline struct path *add(struct document *d, uint32_t rank)
{
    struct sequence *values = &d->values;
    uint32_t place = rank << 8 | d->count;
    unsigned at = values->count++;
    for (; at > 0 && values->places[at - 1] > place; at--)
        values->places[at] = values->places[at - 1];
    values->places[at] = place;
    d->taken |= bit_of(rank);
    return &d->paths[d->count++];
}

static inline struct path text_of(struct document *d, const char *text, size_t length, size_t readable, bool plain)
{
    d->room += plain ? length : json_room(length);
    return (struct path){.text = text, .length = (uint32_t)length, .readable = (uint32_t)readable, .plain = plain};
}

static inline struct path number_of(int64_t number) { return (struct path){.number = number}; }

static inline struct path octets_of(struct document *d, uint32_t offset, uint32_t length)
{
    return text_of(d, record_octets(d->record, offset), length, d->record->datagram->length - offset, d->record->message.plain);
}

static inline void add_span(struct document *d, enum ecs_common name, struct msgt_span span)
{
    if (span.length)
        *add_common(d, name) = octets_of(d, span.offset, span.length);
}

static inline void add_wire(struct document *d, uint32_t rank, const struct msgt_value *value)
{
    if (value->length)
        *add(d, rank) = octets_of(d, value->offset, value->length);
}

/* What KEY of the record holds; false when that is nothing. */
static bool add_key(struct document *d, enum ecs_common name, const struct record_key *key, struct scalar *scalar)
{
    scalar->kind = SCALAR_NONE;
    key->get(d->record, scalar);
    if (scalar->kind == SCALAR_TEXT)
        *add_common(d, name) = text_of(d, scalar->text, scalar->length, scalar->origin == SCALAR_BARE ? COPY_STEP : 0, scalar->origin >= SCALAR_PLAIN);
    return scalar->kind == SCALAR_TEXT;
}

static bool among(const struct sequence *sequence, uint32_t rank)
{
    for (unsigned i = 0; i < sequence->count; i++)
        if (sequence->places[i] >> 8 == rank)
            return true;
    return false;
}

static bool has_path(const struct document *d, uint32_t rank)
{
    return d->taken & bit_of(rank) && (among(&d->header, rank) || among(&d->values, rank));
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
        *add(d, rank) = number_of(value->as.number);
    else
        add_wire(d, rank, value);
    if (is_address)
        add_wire(d, common[ECS_RELATED_IP], value);
    if (rank == common[ECS_USER_NAME])
        add_wire(d, common[ECS_RELATED_USER], value);
    return true;
}

static void add_value(struct document *d, const struct msgt_value *value)
{
    const struct ecs_field *field = &d->names->fields[value->field];
    if (field->mapped != ECS_NO_NAME && add_mapped(d, value, field))
        return;
    if (value->kind == MSGT_KIND_NUMBER)
        *add(d, field->own) = number_of(value->as.number);
    else
        add_wire(d, field->own, value);
}

static void add_dataset(struct document *d, struct msgt_span product)
{
    static const struct {
        char product[4];
        uint32_t length;
        const char *dataset;
    } rows[] = {{"FTD", 3, "cisco.ftd"}, {"ASA", 3, "cisco.asa"}, {"PIX", 3, "cisco.pix"}, {"FWSM", 4, "cisco.fwsm"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (product.length == rows[i].length && memcmp(rows[i].product, record_octets(d->record, product.offset), product.length) == 0)
            *add_common(d, ECS_EVENT_DATASET) = text_of(d, rows[i].dataset, strlen(rows[i].dataset), 0, true);
}

static void add_text(struct document *d, enum ecs_common name, const char *text)
{
    *add_common(d, name) = text_of(d, text, strlen(text), 0, true);
}

static void add_number(struct document *d, enum ecs_common name, int64_t number) { *add_common(d, name) = number_of(number); }

/* In the order of the names: that of enum ecs_common. */
static void add_header(struct document *d)
{
    const struct msgt_record *m = &d->record->message;
    bool device_time = add_key(d, ECS_TIMESTAMP, d->names->device_time, &d->times[0]);
    if (!device_time)
        add_key(d, ECS_TIMESTAMP, d->names->time, &d->times[0]);
    add_common(d, ECS_VERSION);
    if (m->tag.length)
        *add_common(d, ECS_EVENT_CODE) = text_of(d, d->id, (size_t)(put_uint(d->id, m->id) - d->id), sizeof d->id, true);
    if (device_time)
        add_key(d, ECS_EVENT_CREATED, d->names->time, &d->times[1]);
    add_dataset(d, m->product);
    add_common(d, ECS_EVENT_KIND);
    add_common(d, ECS_EVENT_MODULE);
    if (m->severity >= 0) {
        add_number(d, ECS_EVENT_SEVERITY, m->severity);
        add_text(d, ECS_LOG_LEVEL, msgt_severity_name((unsigned)m->severity, MSGT_EN));
    }
    if (m->pri >= 0) {
        add_number(d, ECS_SYSLOG_FACILITY, m->pri >> 3);
        add_number(d, ECS_SYSLOG_PRIORITY, m->pri);
        add_number(d, ECS_SYSLOG_SEVERITY, m->pri & 7);
    }
    add_span(d, ECS_MESSAGE, m->message);
    add_key(d, ECS_OBSERVER_IP, d->names->source, &d->source);
    add_span(d, ECS_OBSERVER_NAME, m->hostname);
    add_span(d, ECS_OBSERVER_PRODUCT, m->product);
    add_common(d, ECS_OBSERVER_TYPE);
    add_common(d, ECS_OBSERVER_VENDOR);
    d->header.places[d->header.count] = END;
}

static void add_findings(struct document *d)
{
    for (uint32_t left = d->record->message.findings & ~msgt_quiet_findings(); left; left &= left - 1) {
        const char *code = msgt_finding((enum msgt_finding)__builtin_ctz(left)).code;
        *add(d, d->names->common[ECS_TAGS]) = text_of(d, code, strlen(code), 0, true);
    }
}

static inline char *put_leaf(char *to, const struct path *path)
{
    if (!path->text)
        return path->number >= 0 && path->number < 10 ? put_digit(to, (int)path->number) : put_int(to, path->number);
    if (!path->plain)
        return json_put(to, path->text, path->length);
    *to = '"';
    to = put_octets(to + 1, path->text, path->length, path->readable);
    *to = '"';
    return to + 1;
}

/* Leaves the objects around PREVIOUS, or none, that are not around NAME, and enters the others. */
static char *put_name(char *to, const struct ecs_name *previous, const struct ecs_name *name)
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

/* The same by rank, as it was written last. */
static inline char *put_step(char *to, const struct document *d, uint32_t previous, uint32_t rank)
{
    const struct ecs_name *names = d->names->names;
    struct record_memory *memory = d->record->memory;
    uint64_t id = (uint64_t)previous << 32 | rank;
    struct memo_brief *memo = memory ? &memory->ecs_steps[(previous * 37 + rank) % ECS_STEPS] : NULL;
    if (memo && memo->id == id)
        return put_steps(to, memo->text, memo->length);
    char *end = put_name(to, previous == ECS_NO_NAME ? NULL : &names[previous], &names[rank]);
    size_t length = (size_t)(end - to);
    if (memo && length <= BRIEF_ROOM) {
        memo->id = id;
        memo->length = length;
        memcpy(memo->text, to, length);
    }
    return end;
}

/* The lower one of the next places of both sequences. */
static inline uint32_t next_place(const uint32_t **header, const uint32_t **values)
{
    return **header < **values ? *(*header)++ : *(*values)++;
}

static char *put_element(char *to, const struct path *path, bool again, bool more)
{
    *to = again ? ',' : '[';
    to = put_leaf(to + 1, path);
    *to = ']';
    return to + !more;
}

static void write_document(struct buffer *buffer, const struct document *d)
{
    const uint32_t *header = d->header.places, *values = d->values.places;
    /* A name, as many brackets as objects can be left, a number. */
    buffer_need(buffer, d->count * (2 * d->names->longest + DIGITS_MOST + sizeof "\"\",[]") + d->room + sizeof "{}\n" + BRIEF_ROOM);
    char *to = buffer_at(buffer);
    uint32_t previous = ECS_NO_NAME;
    *to++ = '{';
    for (uint32_t place = next_place(&header, &values); place != END;) {
        uint32_t next = next_place(&header, &values), rank = place >> 8;
        const struct ecs_name *name = &d->names->names[rank];
        bool again = previous == rank, more = next >> 8 == rank;
        if (!again)
            to = put_step(to, d, previous, rank);
        if (again | more | name->list) /* in ECS some are arrays also with one value */
            to = put_element(to, &d->paths[place & 255], again, more);
        else if (!name->constant)
            to = put_leaf(to, &d->paths[place & 255]);
        previous = rank;
        place = next;
    }
    for (unsigned i = d->names->names[previous].depth; i > 0; i--)
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
    document.header.count = document.values.count = document.count = 0;
    document.taken = 0;
    document.room = 0;
    add_header(&document);
    for (unsigned i = 0; i < record->message.count; i++)
        add_value(&document, &record->message.values[i]);
    add_findings(&document);
    document.values.places[document.values.count] = END;
    write_document(&writer->buffer, &document);
}
