/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of CONTRACT.md, section 2, as one JSON object in one line. */
#include "json.h"
#include "output.h"
#include "text.h"

/* Beyond this a double, and so many a JSON reader, is no longer exact. */
#define JSON_INTEGER_MAX (INT64_C(1) << 53)

/* Copies at least COUNT octets of the first READABLE at FROM: a whole step is faster than the part of it that counts. Behind TO is room for COPY_STEP more. */
enum { COPY_STEP = 32 };
static inline char *put_octets(char *to, const char *from, size_t count, size_t readable)
{
    if (count <= COPY_STEP && readable >= COPY_STEP)
        memcpy(to, from, COPY_STEP);
    else
        memcpy(to, from, count);
    return to + count;
}

#define WRITE_LITERAL(buffer, text) buffer_octets(buffer, text, sizeof(text) - 1)

/* ---- Fields ---- */

/* The quotation marks around keys and texts: within a quoted cell of csv each is written twice. */
enum quotes { ONCE = 1, TWICE = 2 };

static inline char *put_quote(char *to, enum quotes quotes)
{
    to[0] = to[quotes - 1] = '"';
    return to + quotes;
}

/* Writes each quotation mark of [FROM, END) twice, in place; behind END is room for them. */
static char *double_quotes(char *from, char *end)
{
    size_t count = 0;
    for (const char *at = from; at < end; at++)
        count += *at == '"';
    char *to = end + count;
    for (char *at = end, *put = to; put > at;) {
        *--put = *--at;
        if (*at == '"')
            *--put = '"';
    }
    return to;
}

/* Octets that texts of LENGTH may take beside their quotation marks: an escape takes six, a quotation mark at most three. */
static size_t text_room(size_t length, bool plain) { return (plain ? length : json_room(length)) + COPY_STEP; }

static char *put_text(char *to, const char *text, size_t length, enum quotes quotes)
{
    char *end = json_put(to, text, length);
    return quotes == ONCE ? end : double_quotes(to, end);
}

/* Values of a record on their way into a buffer that has ROOM for all of them, without their meanings. */
struct fields {
    struct buffer *buffer;
    const struct record *record;
    size_t room;
    bool plain; /* no octet of the datagram needs an escape */
};

static inline char *put_value(char *to, const struct fields *fields, const struct msgt_value *value, enum quotes quotes)
{
    const struct datagram *datagram = fields->record->datagram;
    const char *text = record_octets(fields->record, value->offset);
    if (value->kind == MSGT_KIND_NUMBER && value->as.number <= JSON_INTEGER_MAX && value->as.number >= -JSON_INTEGER_MAX)
        return put_int(to, value->as.number);
    if (!fields->plain)
        return put_text(to, text, value->length, quotes);
    to = put_octets(put_quote(to, quotes), text, value->length, datagram->length - value->offset);
    return put_quote(to, quotes);
}

static const char *meaning_of(const struct fields *fields, const struct msgt_value *value)
{
    const struct record *record = fields->record;
    return msgt_meaning(record->view->table, &record->message, record->datagram->octets, value, record->view->lang);
}

/* A meaning may have any length: afterwards there is room for all values again. */
static char *put_meaning(char *to, const struct fields *fields, const char *meaning, enum quotes quotes)
{
    size_t length = strlen(meaning);
    buffer_end(fields->buffer, to);
    buffer_need(fields->buffer, text_room(length, false) + fields->room);
    return put_text(buffer_at(fields->buffer), meaning, length, quotes);
}

static inline bool is_coded(const struct record *record, const struct msgt_value *value)
{
    int message = record->message.message_index;
    return message >= 0 && msgt_enum_of(record->view->table, (size_t)message, value->field) != MSGT_NONE;
}

/* ,"name_text": */
static char *put_meaning_key(char *to, const struct field_key *key, enum quotes quotes)
{
    static const char suffix[] = "_text";
    size_t front = 1 + (size_t)quotes, name = key->length - 4; /* less the comma, the quotation marks and the colon */
    *to = ',';
    put_quote(to + 1, quotes);
    memcpy(to + front, key->text + 2, name);
    memcpy(to + front + name, suffix, sizeof suffix - 1);
    to = put_quote(to + front + name + sizeof suffix - 1, quotes);
    *to = ':';
    return to + 1;
}

static inline char *put_key(char *to, const struct field_key *key, enum quotes quotes)
{
    const char *text = quotes == ONCE ? key->text : key->doubled;
    size_t length = key->length + (quotes == ONCE ? 0 : 2);
    return put_octets(to, text, length, MAX(length, KEY_ROOM));
}

/* A field that occurs several times: arrays of its values and of their meanings, null for those without one. */
static char *put_array(char *to, const struct fields *fields, unsigned first, enum quotes quotes)
{
    const struct msgt_record *message = &fields->record->message;
    const struct msgt_value *values = message->values;
    const struct field_key *key = &fields->record->view->field_keys[values[first].field];
    bool meant = false;
    to = put_key(to, key, quotes);
    for (unsigned i = first; i < message->count; i++) {
        if (values[i].field != values[first].field)
            continue;
        *to++ = i > first ? ',' : '[';
        to = put_value(to, fields, &values[i], quotes);
        meant = meant || (is_coded(fields->record, &values[i]) && meaning_of(fields, &values[i]));
    }
    *to++ = ']';
    if (!meant)
        return to;
    to = put_meaning_key(to, key, quotes);
    for (unsigned i = first; i < message->count; i++) {
        if (values[i].field != values[first].field)
            continue;
        const char *meaning = meaning_of(fields, &values[i]);
        *to++ = i > first ? ',' : '[';
        if (meaning)
            to = put_meaning(to, fields, meaning, quotes);
        else
            to = (char *)memcpy(to, "null", 4) + 4;
    }
    *to++ = ']';
    return to;
}

/* The values with the field of value FIRST, from that on: a bit for each. */
static uint64_t same_field(const struct msgt_record *message, unsigned first)
{
    uint64_t same = 0;
    for (unsigned i = first; i < message->count; i++)
        same |= (uint64_t)(message->values[i].field == message->values[first].field) << i;
    return same;
}

/* False when no field occurs twice; true may be wrong. */
static bool may_repeat(const struct msgt_record *message)
{
    uint64_t seen = 0, twice = 0;
    for (unsigned i = 0; i < message->count; i++) {
        uint64_t bit = UINT64_C(1) << (message->values[i].field & 63);
        twice |= seen & bit;
        seen |= bit;
    }
    return twice != 0;
}

static inline void write_fields(struct buffer *buffer, const struct record *record, bool plain, enum quotes quotes)
{
    const struct msgt_record *message = &record->message;
    const struct view *view = record->view;
    size_t each = 2 * view->key_most + sizeof "_text[null],\"\"\"\"" + DIGITS_MOST + COPY_STEP;
    struct fields fields = {buffer, record, sizeof "{}" + message->count * each + text_room(record->datagram->length, plain), plain};
    bool repeats = may_repeat(message);
    uint64_t taken = 0; /* by an array */

    buffer_need(buffer, fields.room);
    char *to = buffer_at(buffer);
    size_t start = buffer->length;
    to += message->count == 0;
    for (unsigned i = 0; i < message->count; i++) {
        const struct msgt_value *value = &message->values[i];
        if (repeats) {
            uint64_t same = same_field(message, i);
            if (taken >> i & 1)
                continue;
            taken |= same;
            if (same & (same - 1)) {
                to = put_array(to, &fields, i, quotes);
                continue;
            }
        }
        const struct field_key *key = &view->field_keys[value->field];
        to = put_value(put_key(to, key, quotes), &fields, value, quotes);
        const char *meaning = is_coded(record, value) ? meaning_of(&fields, value) : NULL;
        if (meaning)
            to = put_meaning(put_meaning_key(to, key, quotes), &fields, meaning, quotes);
    }
    *to++ = '}';
    buffer_end(buffer, to);
    buffer->data[start] = '{'; /* the comma in front of the first key */
}

void output_json_fields(struct buffer *buffer, const struct record *record) { write_fields(buffer, record, record->message.plain, ONCE); }

void output_json_fields_doubled(struct buffer *buffer, const struct record *record, bool plain) { write_fields(buffer, record, plain, TWICE); }

void output_json_findings(struct buffer *buffer, const struct record *record)
{
    uint32_t findings = record->message.findings & ~msgt_quiet_findings();
    buffer_char(buffer, '[');
    for (unsigned i = 0; findings >> i; i++) {
        if (!(findings >> i & 1))
            continue;
        json_separate(buffer);
        buffer_char(buffer, '"');
        buffer_text(buffer, msgt_finding((enum msgt_finding)i).code);
        buffer_char(buffer, '"');
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

/* Between "repeat" and "message", as far as there is anything to tell. */
static void write_structures(struct buffer *buffer, const struct record *record, bool plain)
{
    const struct msgt_record *message = &record->message;
    if (message->count) {
        WRITE_LITERAL(buffer, ",\"fields\":");
        write_fields(buffer, record, plain, ONCE);
    }
    if (message->findings & ~msgt_quiet_findings()) {
        WRITE_LITERAL(buffer, ",\"findings\":");
        output_json_findings(buffer, record);
    }
    if (message->status == MSGT_PARTIAL || message->status == MSGT_TRUNCATED) {
        WRITE_LITERAL(buffer, ",\"diverges\":");
        output_json_diverges(buffer, record);
    }
}

/* ---- Scalars ---- */

/* What is not of the wire may have any length, and may need escapes. Afterwards there is ROOM again. */
static char *put_any(struct buffer *buffer, char *to, const struct scalar *value, size_t room)
{
    buffer_end(buffer, to);
    buffer_need(buffer, text_room(value->length, false) + room);
    return json_put(buffer_at(buffer), value->text, value->length);
}

/* Scalar keys [FIRST, END), each with a comma in front. */
static void write_scalars(struct buffer *buffer, const struct record *record, unsigned first, unsigned end, bool plain)
{
    struct scalar value;
    size_t room = (end - first) * (KEY_ROOM + sizeof value.scratch + DIGITS_MOST) + text_room(record->datagram->length, plain);
    buffer_need(buffer, room);
    char *to = buffer_at(buffer);
    for (const struct record_key *key = &record_keys[first], *behind = &record_keys[end]; key < behind; key++) {
        value.kind = SCALAR_NONE;
        key->get(record, &value);
        if (value.kind == SCALAR_NONE)
            continue;
        memcpy(to, key->json, KEY_ROOM);
        to += key->json_length;
        if (value.kind == SCALAR_NUMBER)
            to = put_int(to, value.number);
        else if (value.origin == SCALAR_PLAIN || (plain && value.origin == SCALAR_WIRE))
            to = json_put_plain(to, value.text, value.length);
        else
            to = put_any(buffer, to, &value, room);
    }
    buffer_end(buffer, to);
}

/* Keys that depend on the same: rendered once. */
static void write_part(struct buffer *buffer, const struct record *record, const struct record_part *part, bool plain)
{
    struct memo_id id;
    struct memo *memo = record_memo(record, part->scope, part->first, &id);
    if (memo && memo_holds(memo, &id)) {
        memo_append(buffer, memo);
        return;
    }
    size_t start = buffer->length;
    write_scalars(buffer, record, part->first, part->end, plain);
    if (memo)
        memo_keep(memo, &id, buffer, start);
}

void output_json_record(struct writer *writer, const struct record *record)
{
    struct buffer *buffer = &writer->buffer;
    const struct view *view = record->view;
    bool plain = record->message.plain;
    size_t start = buffer->length;
    for (unsigned i = 0; i < view->part_count; i++) {
        if (i == view->parts_front)
            write_structures(buffer, record, plain);
        write_part(buffer, record, &view->parts[i], plain);
    }
    buffer->data[start] = '{'; /* the comma in front of the first key */
    if (record_needs_raw(record)) {
        WRITE_LITERAL(buffer, ",\"raw\":");
        output_json_raw(buffer, record);
    }
    WRITE_LITERAL(buffer, "}\n");
}
