/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Elastic Common Schema 8. The names are dotted paths; they are collected by rank and then written as nested objects.
 * Which path a field has is in the catalogue's dictionary; what has none stands under ftd.
 */
#include "ecs_names.h"
#include "json.h"
#include "output.h"
#include "words.h"

/* Each value has at most two paths: its own, and one under related. */
enum { PATHS_MAX = 2 * MSGT_VALUES_MAX + ECS_COMMON + 32 };

struct path {
    enum path_kind {
        PATH_TEXT,   /* may hold anything */
        PATH_PLAIN,  /* text that needs no escape */
        PATH_STEPS,  /* the same; may be read in steps */
        PATH_NUMBER,
        PATH_READY,  /* JSON; may be read in steps */
        PATH_KNOWN,  /* the name has it */
    } kind;
    uint32_t last;   /* the rank within whose objects it ends */
    uint32_t length; /* of the text */
    union {
        const char *text;
        int64_t number;
    } as;
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
    uint32_t next;  /* the lowest rank that the header has not reached */
    uint64_t taken; /* bits of the ranks that may be there; others may have the same */
    size_t room;    /* octets that texts may take */
    struct scalar times[2], source;
    char lower[2][COPY_STEP]; /* of names in lower case */
    unsigned lower_count;
    char id[COPY_STEP];
};
_Static_assert(PATHS_MAX <= 256, "an index has 8 bits");

/* Names of every record come in their order. */
static inline struct path *add_common(struct document *d, enum ecs_common name)
{
    uint32_t rank = d->names->common[name];
    struct path *path = &d->paths[d->count];
    d->header.places[d->header.count++] = rank << 8 | d->count++;
    path->last = d->names->names[rank].last;
    d->next = path->last + 1;
    return path;
}

/* One whose value is always the same: it may stand behind the one before. */
static inline void add_constant(struct document *d, enum ecs_common name)
{
    if (d->names->common[name] >= d->next)
        add_common(d, name)->kind = PATH_KNOWN;
}

/* Others are sorted in; those of the same name stay as they came. */
static inline struct path *add(struct document *d, uint32_t rank)
{
    struct sequence *values = &d->values;
    struct path *path = &d->paths[d->count];
    uint32_t place = rank << 8 | d->count++;
    unsigned at = values->count++;
    for (; at > 0 && values->places[at - 1] > place; at--)
        values->places[at] = values->places[at - 1];
    values->places[at] = place;
    d->taken |= ecs_bit(rank);
    path->last = rank;
    return path;
}

static inline void set_text(struct document *d, struct path *path, const char *text, size_t length, enum path_kind kind)
{
    path->kind = kind;
    path->as.text = text;
    path->length = (uint32_t)length;
    d->room += kind == PATH_TEXT ? json_room(length) : length;
}

static inline void set_string(struct document *d, struct path *path, const char *text) { set_text(d, path, text, strlen(text), PATH_PLAIN); }

static inline void set_number(struct path *path, int64_t number)
{
    path->kind = PATH_NUMBER;
    path->as.number = number;
}

static inline void set_octets(struct document *d, struct path *path, uint32_t offset, uint32_t length)
{
    set_text(d, path, record_octets(d->record, offset), length, d->record->message.plain ? PATH_STEPS : PATH_TEXT);
}

static inline void add_span(struct document *d, enum ecs_common name, struct msgt_span span)
{
    if (span.length)
        set_octets(d, add_common(d, name), span.offset, span.length);
}

static inline void add_wire(struct document *d, uint32_t rank, const struct msgt_value *value)
{
    if (value->length)
        set_octets(d, add(d, rank), value->offset, value->length);
}

/* What KEY of the record holds; false when that is nothing. */
static bool add_key(struct document *d, enum ecs_common name, const struct record_key *key, struct scalar *scalar)
{
    static const enum path_kind kinds[] = {[SCALAR_ANY] = PATH_TEXT, [SCALAR_WIRE] = PATH_TEXT, [SCALAR_PLAIN] = PATH_PLAIN, [SCALAR_BARE] = PATH_STEPS};
    scalar->kind = SCALAR_NONE;
    key->get(d->record, scalar);
    if (scalar->kind == SCALAR_TEXT)
        set_text(d, add_common(d, name), scalar->text, scalar->length, kinds[scalar->origin]);
    return scalar->kind == SCALAR_TEXT;
}

static bool among(const struct document *d, const struct sequence *sequence, uint32_t rank)
{
    for (unsigned i = 0; i < sequence->count; i++)
        if (sequence->places[i] >> 8 <= rank && rank <= d->paths[sequence->places[i] & 255].last)
            return true;
    return false;
}

static bool has_path(const struct document *d, uint32_t rank)
{
    return d->taken & ecs_bit(rank) && (among(d, &d->header, rank) || among(d, &d->values, rank));
}

static inline bool is_address(const struct msgt_value *value) { return value->kind == MSGT_KIND_IPV4 || value->kind == MSGT_KIND_IPV6; }

static bool is_text(const struct document *d, const struct msgt_value *value, const char *text)
{
    return value->length == strlen(text) && memcmp(record_octets(d->record, value->offset), text, value->length) == 0;
}

static inline bool same_ip(const struct msgt_value *a, const struct msgt_value *b)
{
    return word32_at(a->as.address) == word32_at(b->as.address) && (a->kind == MSGT_KIND_IPV4 || memcmp(a->as.address, b->as.address, 16) == 0);
}

/* Every address that is one, once. */
static void add_related_ip(struct document *d, const struct msgt_value *value)
{
    for (const struct msgt_value *before = d->record->message.values; before < value; before++)
        if (before->kind == value->kind && same_ip(before, value))
            return;
    if (!record_no_address(value))
        add_wire(d, d->names->common[ECS_RELATED_IP], value);
}

static void add_lower(struct document *d, uint32_t rank, const struct msgt_value *value)
{
    char *lower = d->lower[d->lower_count++];
    const char *octets = record_octets(d->record, value->offset);
    for (uint32_t i = 0; i < value->length; i++)
        lower[i] = g_ascii_tolower(octets[i]);
    set_text(d, add(d, rank), lower, value->length, d->record->message.plain ? PATH_STEPS : PATH_TEXT);
}

/* Numbers as in JSON, where ECS has any. */
static void add_as(struct document *d, uint32_t rank, const struct msgt_value *value, enum ecs_form form)
{
    bool number = value->kind == MSGT_KIND_NUMBER && form == ECS_NUMBER && json_is_exact(value->as.number);
    if (number)
        set_number(add(d, rank), value->as.number);
    else if (form == ECS_LOWER && value->length && value->length <= COPY_STEP && d->lower_count < G_N_ELEMENTS(d->lower))
        add_lower(d, rank, value);
    else
        add_wire(d, rank, value);
}

/* Addresses are in *.ip, what is no address in *.address. A path takes one value. */
static bool add_mapped(struct document *d, const struct msgt_value *value, const struct ecs_field *field)
{
    static const char hidden[] = "*****"; /* what a device writes for a user whose name it does not tell */
    const uint32_t rank = is_address(value) ? field->mapped : field->address;
    if (value->length == 0 || has_path(d, rank))
        return false;
    add_as(d, rank, value, d->names->names[rank].form);
    if (rank == d->names->common[ECS_USER_NAME] && !is_text(d, value, hidden))
        add_wire(d, d->names->common[ECS_RELATED_USER], value);
    return true;
}

static void add_value(struct document *d, const struct msgt_value *value)
{
    const struct ecs_field *field = &d->names->fields[value->field];
    if (is_address(value))
        add_related_ip(d, value);
    if (field->mapped == ECS_NO_NAME || !add_mapped(d, value, field))
        add_as(d, field->own, value, ECS_NUMBER);
}

static void add_dataset(struct document *d, struct msgt_span product)
{
    static const struct {
        char product[8];
        uint32_t length;
        const char *dataset;
    } rows[] = {{"FTD", 3, "cisco.ftd"}, {"ASA", 3, "cisco.asa"}, {"PIX", 3, "cisco.pix"}, {"FWSM", 4, "cisco.fwsm"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (product.length == rows[i].length && memcmp(rows[i].product, record_octets(d->record, product.offset), product.length) == 0)
            set_string(d, add_common(d, ECS_EVENT_DATASET), rows[i].dataset);
}

/* The facility, and behind it the rest of the priority where that can be. */
static void add_priority(struct document *d, unsigned pri)
{
    const struct ecs_priority *ready = pri < G_N_ELEMENTS(d->names->priorities) ? &d->names->priorities[pri] : NULL;
    struct path *path = add_common(d, ECS_SYSLOG_FACILITY);
    if (ready && ready->length) {
        path->kind = PATH_READY;
        path->as.text = ready->text;
        path->length = (uint32_t)ready->length;
        path->last = d->names->common[ECS_SYSLOG_SEVERITY];
        d->room += sizeof ready->text;
        return;
    }
    set_number(path, pri >> 3);
    set_number(add_common(d, ECS_SYSLOG_PRIORITY), pri);
    set_number(add_common(d, ECS_SYSLOG_SEVERITY), pri & 7);
}

/* In the order of the names: that of enum ecs_common. */
static void add_header(struct document *d)
{
    const struct msgt_record *m = &d->record->message;
    bool device_time = add_key(d, ECS_TIMESTAMP, d->names->device_time, &d->times[0]);
    if (!device_time)
        add_key(d, ECS_TIMESTAMP, d->names->time, &d->times[0]);
    add_constant(d, ECS_VERSION);
    if (m->tag.length)
        set_text(d, add_common(d, ECS_EVENT_CODE), d->id, (size_t)(put_uint(d->id, m->id) - d->id), PATH_STEPS);
    if (device_time)
        add_key(d, ECS_EVENT_CREATED, d->names->time, &d->times[1]);
    add_dataset(d, m->product);
    add_constant(d, ECS_EVENT_KIND);
    add_constant(d, ECS_EVENT_MODULE);
    if (m->severity >= 0) {
        set_number(add_common(d, ECS_EVENT_SEVERITY), m->severity);
        set_string(d, add_common(d, ECS_LOG_LEVEL), msgt_severity_name((unsigned)m->severity, MSGT_EN));
    }
    if (m->pri >= 0)
        add_priority(d, (unsigned)m->pri);
    add_span(d, ECS_MESSAGE, m->message);
    add_span(d, ECS_OBSERVER_HOSTNAME, m->hostname);
    add_key(d, ECS_OBSERVER_IP, d->names->source, &d->source);
    add_span(d, ECS_OBSERVER_PRODUCT, m->product);
    add_constant(d, ECS_OBSERVER_TYPE);
    add_constant(d, ECS_OBSERVER_VENDOR);
    d->header.places[d->header.count] = END;
}

static void add_findings(struct document *d)
{
    for (uint32_t left = d->record->message.findings & ~msgt_quiet_findings(); left; left &= left - 1) {
        const char *code = msgt_finding((enum msgt_finding)__builtin_ctz(left)).code;
        set_string(d, add(d, d->names->common[ECS_TAGS]), code);
    }
}

static inline char *put_leaf(char *to, const struct path *path)
{
    switch (path->kind) {
    case PATH_PLAIN:
    case PATH_STEPS:
        *to = '"';
        to = (path->kind == PATH_STEPS ? put_steps : put_octets)(to + 1, path->as.text, path->length);
        *to = '"';
        return to + 1;
    case PATH_NUMBER:
        return path->as.number >= 0 && path->as.number < 10 ? put_digit(to, (int)path->as.number) : put_int(to, path->as.number);
    case PATH_READY:
        return put_steps(to, path->as.text, path->length);
    case PATH_TEXT:
        return json_put(to, path->as.text, path->length);
    default:
        return to;
    }
}

static char *put_first(char *to, const struct ecs_name *name)
{
    memcpy(to, name->json, name->length);
    return to + name->length;
}

/* From one name to another, or from none, as that was written last. */
static inline char *put_step(char *to, const struct document *d, uint32_t previous, uint32_t rank)
{
    const struct ecs_name *names = d->names->names;
    struct record_memory *memory = d->record->memory;
    uint64_t id = (uint64_t)previous << 32 | rank;
    struct memo_brief *memo = memory ? &memory->ecs_steps[(previous * 37 + rank) % ECS_STEPS] : NULL;
    if (memo && memo->id == id)
        return put_steps(to, memo->text, memo->length);
    char *end = previous == ECS_NO_NAME ? put_first(to, &names[rank]) : ecs_put_name(to, &names[previous], &names[rank]);
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
    /* Names and what stands behind them, as many brackets as objects can be left, a number. */
    buffer_need(buffer, d->count * (2 * d->names->longest + DIGITS_MOST + sizeof "\"\",[]") + d->names->tails + d->room + sizeof "{}\n" + BRIEF_ROOM);
    char *to = buffer_at(buffer);
    uint32_t previous = ECS_NO_NAME, behind = ECS_NO_NAME; /* the rank before, and within whose objects it ended */
    *to++ = '{';
    for (uint32_t place = next_place(&header, &values); place != END;) {
        uint32_t next = next_place(&header, &values), rank = place >> 8;
        const struct ecs_name *name = &d->names->names[rank];
        const struct path *path = &d->paths[place & 255];
        bool again = previous == rank, more = next >> 8 == rank;
        if (!again)
            to = put_step(to, d, behind, rank);
        if (again | more | (name->form == ECS_LIST)) /* in ECS some are arrays also with one value */
            to = put_element(to, path, again, more);
        else
            to = put_leaf(to, path);
        if (name->tail_length)
            to = put_steps(to, name->tail, name->tail_length);
        previous = rank;
        behind = path->last;
        place = next;
    }
    for (unsigned i = d->names->names[behind].depth; i > 0; i--)
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
    document.next = 0;
    document.lower_count = 0;
    document.taken = document.names->common_bits;
    document.room = 0;
    add_header(&document);
    for (unsigned i = 0; i < record->message.count; i++)
        add_value(&document, &record->message.values[i]);
    add_findings(&document);
    document.values.places[document.values.count] = END;
    write_document(&writer->buffer, &document);
}
