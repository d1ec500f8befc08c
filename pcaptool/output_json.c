/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of CONTRACT.md, section 2, as one JSON object in one line. */
#include "json.h"
#include "output.h"
#include "text.h"

/* Beyond this a double, and so many a JSON reader, is no longer exact. */
#define JSON_INTEGER_MAX (INT64_C(1) << 53)

/* FIRST: nothing stands in front yet, so no comma. PLAIN: no octet of the datagram needs an escape. */
static void write_scalar(struct buffer *buffer, const struct record_key *key, const struct scalar *value, bool first, bool plain)
{
    buffer_octets(buffer, key->json + first, key->json_length - first);
    if (value->kind == SCALAR_NUMBER)
        buffer_int(buffer, value->number);
    else if (value->origin == SCALAR_PLAIN || (plain && value->origin == SCALAR_WIRE))
        json_plain(buffer, value->text, value->length);
    else
        json_string(buffer, value->text, value->length);
}

static void write_value(struct buffer *buffer, const struct record *record, const struct msgt_value *value)
{
    if (value->kind == MSGT_KIND_NUMBER && value->as.number <= JSON_INTEGER_MAX && value->as.number >= -JSON_INTEGER_MAX)
        buffer_int(buffer, value->as.number);
    else if (value->kind == MSGT_KIND_IPV4 || value->kind == MSGT_KIND_IPV6)
        json_plain(buffer, record_octets(record, value->offset), value->length);
    else
        json_string(buffer, record_octets(record, value->offset), value->length);
}

static const char *meaning_of(const struct record *record, const struct msgt_value *value)
{
    return msgt_meaning(record->view->table, &record->message, record->datagram->octets, value, record->view->lang);
}

/* All values of one field from the first on; an array when there are several. Returns whether one of them has a meaning. */
static bool write_values(struct buffer *buffer, const struct record *record, unsigned first, bool array)
{
    bool meanings = false;
    if (array)
        buffer_char(buffer, '[');
    for (unsigned i = first; i < record->message.count; i++) {
        const struct msgt_value *value = &record->message.values[i];
        if (value->field != record->message.values[first].field)
            continue;
        if (i > first)
            buffer_char(buffer, ',');
        write_value(buffer, record, value);
        meanings = meanings || meaning_of(record, value);
    }
    if (array)
        buffer_char(buffer, ']');
    return meanings;
}

static void write_meanings(struct buffer *buffer, const struct record *record, unsigned first, bool array)
{
    if (array)
        buffer_char(buffer, '[');
    for (unsigned i = first; i < record->message.count; i++) {
        const struct msgt_value *value = &record->message.values[i];
        if (value->field != record->message.values[first].field)
            continue;
        const char *meaning = meaning_of(record, value);
        if (i > first)
            buffer_char(buffer, ',');
        if (meaning)
            json_string(buffer, meaning, strlen(meaning));
        else
            buffer_text(buffer, "null");
    }
    if (array)
        buffer_char(buffer, ']');
}

void output_json_fields(struct buffer *buffer, const struct record *record)
{
    const struct msgt_record *message = &record->message;
    uint64_t repeated = 0; /* values that an array has taken */
    buffer_char(buffer, '{');
    for (unsigned i = 0; i < message->count; i++) {
        if (repeated >> i & 1)
            continue;
        bool array = false;
        for (unsigned k = i + 1; k < message->count; k++) {
            if (message->values[k].field == message->values[i].field) {
                repeated |= UINT64_C(1) << k;
                array = true;
            }
        }
        const struct field_key *key = &record->view->field_keys[message->values[i].field];
        if (i)
            buffer_char(buffer, ',');
        buffer_octets(buffer, key->text, key->length);
        if (!write_values(buffer, record, i, array))
            continue;
        buffer_char(buffer, ',');
        buffer_octets(buffer, key->text, key->length - 2);
        buffer_text(buffer, "_text\":");
        write_meanings(buffer, record, i, array);
    }
    buffer_char(buffer, '}');
}

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

static bool has_findings(const struct msgt_record *message)
{
    for (unsigned i = 0; message->findings >> i; i++)
        if (message->findings >> i & 1 && !msgt_finding((enum msgt_finding)i).quiet)
            return true;
    return false;
}

void output_json_record(struct writer *writer, const struct record *record)
{
    struct buffer *buffer = &writer->buffer;
    const struct msgt_record *message = &record->message;
    struct msgt_span datagram = message->datagram;
    bool plain = text_plain_run(record->datagram->octets + datagram.offset, datagram.length) == datagram.length;
    buffer_char(buffer, '{');
    for (unsigned i = 0; i < RECORD_KEYS; i++) {
        if (i == RECORD_KEYS_FRONT) {
            if (message->count) {
                json_key(buffer, "fields");
                output_json_fields(buffer, record);
            }
            if (has_findings(message)) {
                json_key(buffer, "findings");
                output_json_findings(buffer, record);
            }
            if (message->status == MSGT_PARTIAL || message->status == MSGT_TRUNCATED) {
                json_key(buffer, "diverges");
                output_json_diverges(buffer, record);
            }
        }
        struct scalar value;
        value.kind = SCALAR_NONE;
        record_keys[i].get(record, &value);
        if (value.kind != SCALAR_NONE)
            write_scalar(buffer, &record_keys[i], &value, i == 0, plain);
    }
    if (record_needs_raw(record)) {
        json_key(buffer, "raw");
        output_json_raw(buffer, record);
    }
    buffer_octets(buffer, "}\n", 2);
}
