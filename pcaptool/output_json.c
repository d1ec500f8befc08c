/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of CONTRACT.md, section 2, as one JSON object in one line. */
#include "json.h"
#include "output.h"
#include "text.h"

/* Beyond this a double, and so many a JSON reader, is no longer exact. */
#define JSON_INTEGER_MAX (INT64_C(1) << 53)

/* A key and the punctuation around it: all of its room is copied, which is faster than the part of it that counts. */
static char *put_key(char *to, const char *json, size_t length, bool first)
{
    memcpy(to, json + first, KEY_ROOM - 1);
    return to + length - first;
}

static size_t scalar_room(const struct scalar *value) { return value->kind == SCALAR_TEXT ? json_room(value->length) : DIGITS_MOST; }

/* PLAIN: no octet of the datagram needs an escape. */
static char *put_scalar(char *to, const struct scalar *value, bool plain)
{
    if (value->kind == SCALAR_NUMBER)
        return put_int(to, value->number);
    if (value->origin == SCALAR_PLAIN || (plain && value->origin == SCALAR_WIRE))
        return json_put_plain(to, value->text, value->length);
    return json_put(to, value->text, value->length);
}

/* ---- Fields ---- */

/* The values that one key stands for: those of the record's field from the first on. */
struct key_values {
    const struct record *record;
    unsigned first;
    bool several;
    bool plain;   /* no octet of the datagram needs an escape */
    bool doubled; /* this is for a quoted cell of csv: every quote is written twice */
};

static void write_doubled(struct buffer *buffer, const char *text, size_t length, bool plain)
{
    if (plain) {
        buffer_need(buffer, json_room(length) + 2);
        char *to = buffer_at(buffer);
        *to = '"';
        to = json_put_plain(to + 1, text, length);
        *to = '"';
        buffer_end(buffer, to + 1);
        return;
    }
    struct buffer json = {0};
    json_string(&json, text, length);
    text_doubled(buffer, json.data, json.length);
    buffer_free(&json);
}

static void write_value(struct buffer *buffer, const struct key_values *values, const struct msgt_value *value)
{
    const char *text = record_octets(values->record, value->offset);
    bool plain = values->plain || value->kind == MSGT_KIND_IPV4 || value->kind == MSGT_KIND_IPV6;
    if (value->kind == MSGT_KIND_NUMBER && value->as.number <= JSON_INTEGER_MAX && value->as.number >= -JSON_INTEGER_MAX) {
        buffer_int(buffer, value->as.number);
    } else if (values->doubled) {
        write_doubled(buffer, text, value->length, plain);
    } else {
        buffer_need(buffer, json_room(value->length));
        buffer_end(buffer, (plain ? json_put_plain : json_put)(buffer_at(buffer), text, value->length));
    }
}

static const char *meaning_of(const struct record *record, const struct msgt_value *value)
{
    return msgt_meaning(record->view->table, &record->message, record->datagram->octets, value, record->view->lang);
}

static void write_meaning(struct buffer *buffer, const struct key_values *values, const struct msgt_value *value)
{
    const char *meaning = meaning_of(values->record, value);
    if (!meaning)
        buffer_text(buffer, "null");
    else if (values->doubled)
        write_doubled(buffer, meaning, strlen(meaning), false);
    else
        json_string(buffer, meaning, strlen(meaning));
}

/* One value alone, several as an array. */
static void write_values(struct buffer *buffer, const struct key_values *values,
                         void (*write)(struct buffer *, const struct key_values *, const struct msgt_value *))
{
    const struct msgt_record *message = &values->record->message;
    if (!values->several) {
        write(buffer, values, &message->values[values->first]);
        return;
    }
    for (unsigned i = values->first; i < message->count; i++) {
        if (message->values[i].field != message->values[values->first].field)
            continue;
        buffer_char(buffer, i > values->first ? ',' : '[');
        write(buffer, values, &message->values[i]);
    }
    buffer_char(buffer, ']');
}

static bool has_meaning(const struct key_values *values)
{
    const struct msgt_record *message = &values->record->message;
    uint16_t field = message->values[values->first].field;
    if (message->message_index < 0 || msgt_enum_of(values->record->view->table, (size_t)message->message_index, field) == MSGT_NONE)
        return false;
    for (unsigned i = values->first; i < message->count; i++)
        if (message->values[i].field == field && meaning_of(values->record, &message->values[i]))
            return true;
    return false;
}

/* The key of a field, or of its meanings. FIRST: nothing stands in front of it. */
static void write_key(struct buffer *buffer, const struct field_key *key, bool meanings, bool first, bool doubled)
{
    buffer_need(buffer, key->length + KEY_ROOM);
    char *to = buffer_at(buffer);
    if (!meanings && !doubled && key->length <= KEY_ROOM) {
        buffer_end(buffer, put_key(to, key->text, key->length, first));
        return;
    }
    size_t quote = doubled ? 2 : 1, length = key->length - 4; /* less what stands around the name */
    if (!first)
        *to++ = ',';
    memcpy(to, "\"\"", 2);
    memcpy(to + quote, key->text + 2, length);
    to += quote + length;
    if (meanings) {
        memcpy(to, "_text", 5);
        to += 5;
    }
    memcpy(to, "\"\"", 2);
    to[quote] = ':';
    buffer_end(buffer, to + quote + 1);
}

static void write_fields(struct buffer *buffer, const struct record *record, bool plain, bool doubled)
{
    const struct msgt_record *message = &record->message;
    uint64_t repeated = 0; /* values that an array has taken */
    buffer_char(buffer, '{');
    for (unsigned i = 0; i < message->count; i++) {
        if (repeated >> i & 1)
            continue;
        struct key_values values = {.record = record, .first = i, .plain = plain, .doubled = doubled};
        for (unsigned k = i + 1; k < message->count; k++) {
            if (message->values[k].field == message->values[i].field) {
                repeated |= UINT64_C(1) << k;
                values.several = true;
            }
        }
        const struct field_key *key = &record->view->field_keys[message->values[i].field];
        write_key(buffer, key, false, i == 0, doubled);
        write_values(buffer, &values, write_value);
        if (!has_meaning(&values))
            continue;
        write_key(buffer, key, true, false, doubled);
        write_values(buffer, &values, write_meaning);
    }
    buffer_char(buffer, '}');
}

void output_json_fields(struct buffer *buffer, const struct record *record) { write_fields(buffer, record, record->message.plain, false); }

void output_json_fields_doubled(struct buffer *buffer, const struct record *record, bool plain) { write_fields(buffer, record, plain, true); }

void output_json_findings(struct buffer *buffer, const struct record *record)
{
    buffer_char(buffer, '[');
    for (unsigned i = 0; record->message.findings >> i; i++) {
        struct msgt_finding_info info;
        if (!(record->message.findings >> i & 1) || (info = msgt_finding((enum msgt_finding)i)).quiet)
            continue;
        json_separate(buffer);
        json_string(buffer, info.code, strlen(info.code));
    }
    buffer_char(buffer, ']');
}

void output_json_diverges(struct buffer *buffer, const struct record *record)
{
    buffer_char(buffer, '{');
    json_key_uint(buffer, "offset", record->message.diverges);
    json_key_octets(buffer, "expected", record->message.expected, record->message.expected_length);
    buffer_char(buffer, '}');
}

void output_json_raw(struct buffer *buffer, const struct record *record)
{
    struct msgt_span datagram = record->message.datagram;
    json_base64(buffer, record->datagram->octets + datagram.offset, datagram.length);
}

/* Between "status" and "repeat", as far as there is anything to tell. */
static void write_structures(struct buffer *buffer, const struct record *record, bool plain)
{
    const struct msgt_record *message = &record->message;
    if (message->count) {
        json_key(buffer, "fields");
        write_fields(buffer, record, plain, false);
    }
    if (message->findings & ~msgt_quiet_findings()) {
        json_key(buffer, "findings");
        output_json_findings(buffer, record);
    }
    if (message->status == MSGT_PARTIAL || message->status == MSGT_TRUNCATED) {
        json_key(buffer, "diverges");
        output_json_diverges(buffer, record);
    }
}

/* Scalar keys [FIRST, END). */
static void write_scalars(struct buffer *buffer, const struct record *record, unsigned first, unsigned end, bool plain)
{
    struct scalar value;
    for (unsigned i = first; i < end; i++) {
        const struct record_key *key = &record_keys[i];
        value.kind = SCALAR_NONE;
        key->get(record, &value);
        if (value.kind == SCALAR_NONE)
            continue;
        buffer_need(buffer, KEY_ROOM + scalar_room(&value));
        char *to = put_key(buffer_at(buffer), key->json, key->json_length, i == 0);
        buffer_end(buffer, put_scalar(to, &value, plain));
    }
}

void output_json_record(struct writer *writer, const struct record *record)
{
    struct buffer *buffer = &writer->buffer;
    bool plain = record->message.plain;
    buffer_char(buffer, '{');
    write_scalars(buffer, record, 0, RECORD_KEYS_FRONT, plain);
    write_structures(buffer, record, plain);
    write_scalars(buffer, record, RECORD_KEYS_FRONT, RECORD_KEYS, plain);
    if (record_needs_raw(record)) {
        json_key(buffer, "raw");
        output_json_raw(buffer, record);
    }
    buffer_octets(buffer, "}\n", 2);
}
