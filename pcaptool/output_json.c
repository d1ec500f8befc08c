/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record (README.md) as one JSON object in one line. Room for all of it is reserved once; what may have any length, a meaning or
 * the name of a file, reserves that anew.
 */
#include "json.h"
#include "output.h"
#include "text.h"

enum { JSON_DIGITS = 15 }; /* so many are never beyond */

/* A line on its way into a buffer that has ROOM for it. */
struct line {
    struct buffer *buffer;
    const struct record *record;
    size_t room;
    bool plain; /* no octet of the datagram needs an escape */
};

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
static inline size_t text_room(size_t length, bool plain) { return (plain ? length : json_room(length)) + COPY_STEP; }

static char *put_text(char *to, const char *text, size_t length, enum quotes quotes)
{
    char *end = json_put(to, text, length);
    return quotes == ONCE ? end : double_quotes(to, end);
}

/* Behind what was written there is room for LENGTH octets and for a whole line again. */
static char *more_room(const char *to, const struct line *line, size_t length)
{
    buffer_end(line->buffer, to);
    buffer_need(line->buffer, length + line->room);
    return buffer_at(line->buffer);
}

/* What is not of the wire may have any length, and may need escapes. */
static char *put_any(char *to, const struct line *line, const char *text, size_t length, enum quotes quotes)
{
    return put_text(more_room(to, line, text_room(length, false)), text, length, quotes);
}

/* Octets of the datagram. */
static inline char *put_wire(char *to, const struct line *line, uint32_t offset, uint32_t length, enum quotes quotes)
{
    const char *text = record_octets(line->record, offset);
    if (!line->plain)
        return put_text(to, text, length, quotes);
    to = put_steps(put_quote(to, quotes), text, length);
    return put_quote(to, quotes);
}

/* ---- Fields ---- */

/* Octets that the fields take, without their meanings. No octet of the message is in two of them. */
static inline size_t fields_room(const struct record *record, bool plain)
{
    size_t each = 2 * record->view->key_most + sizeof "_text[null],\"\"\"\"" + DIGITS_MOST;
    return sizeof "{}" + record->message.count * each + text_room(record->message.message.length, plain);
}

/* As a number where it has to be one. */
static inline char *put_value(char *to, const struct line *line, const struct msgt_value *value, enum quotes quotes)
{
    const char *text = record_octets(line->record, value->offset);
    if (value->kind != MSGT_KIND_NUMBER)
        return put_wire(to, line, value->offset, value->length, quotes);
    if (value->length > 0 && value->length <= JSON_DIGITS && text[0] > '0' && text[0] <= '9') /* no sign, no zero in front: it stands there as JSON has it */
        return put_steps(to, text, value->length);
    if (json_is_exact(value->as.number))
        return put_int(to, value->as.number);
    return put_wire(to, line, value->offset, value->length, quotes);
}

static inline char *put_key(char *to, const struct field_key *key, enum quotes quotes)
{
    return quotes == ONCE ? put_steps(to, key->text, key->length) : put_steps(to, key->doubled, key->length + 2);
}

/* ,"name_text": */
static char *put_meaning_key(char *to, const struct field_key *key, enum quotes quotes)
{
    static const char suffix[] = "_text";
    to = put_key(to, key, quotes) - quotes - 1; /* less the quotation mark and the colon */
    to = put_quote((char *)memcpy(to, suffix, sizeof suffix - 1) + sizeof suffix - 1, quotes);
    *to = ':';
    return to + 1;
}

/* A field that occurs several times: arrays of its values and of their meanings, null for those without one. */
static char *put_array(char *to, const struct line *line, unsigned first, enum quotes quotes)
{
    const struct msgt_record *message = &line->record->message;
    const struct msgt_value *values = message->values;
    const struct field_key *key = &line->record->view->field_keys[values[first].field];
    bool meant = false;
    to = put_key(to, key, quotes);
    for (unsigned i = first; i < message->count; i++) {
        if (values[i].field != values[first].field)
            continue;
        *to++ = i > first ? ',' : '[';
        to = put_value(to, line, &values[i], quotes);
        meant = meant || record_meaning(line->record, &values[i]);
    }
    *to++ = ']';
    if (!meant)
        return to;
    to = put_meaning_key(to, key, quotes);
    for (unsigned i = first; i < message->count; i++) {
        if (values[i].field != values[first].field)
            continue;
        const char *meaning = record_meaning(line->record, &values[i]);
        *to++ = i > first ? ',' : '[';
        to = meaning ? put_any(to, line, meaning, strlen(meaning), quotes) : (char *)memcpy(to, "null", 4) + 4;
    }
    *to++ = ']';
    return to;
}

static __attribute__((noinline)) char *put_coded_anew(char *to, const struct line *line, const struct msgt_value *value, enum quotes quotes)
{
    const struct field_key *key = &line->record->view->field_keys[value->field];
    to = put_value(put_key(to, key, quotes), line, value, quotes);
    const char *meaning = record_meaning(line->record, value);
    return meaning ? put_any(put_meaning_key(to, key, quotes), line, meaning, strlen(meaning), quotes) : to;
}

/* A code and what it means are the same each time. */
static char *put_coded(char *to, const struct line *line, const struct msgt_value *value, enum quotes quotes)
{
    struct memo_id id;
    struct memo *memo = record_memo_of_value(line->record, value, quotes, &id);
    if (memo && memo_holds(memo, &id))
        return memo_put(more_room(to, line, MEMO_ROOM), memo);
    size_t start = (size_t)(to - line->buffer->data);
    to = put_coded_anew(to, line, value, quotes);
    buffer_end(line->buffer, to);
    if (memo)
        memo_keep(memo, &id, line->buffer, start);
    return to;
}

static inline __attribute__((always_inline)) char *put_field(char *to, const struct line *line, const struct msgt_value *value, uint64_t coded,
                                                             enum quotes quotes)
{
    if (coded & field_bit(value->field))
        return put_coded(to, line, value, quotes);
    return put_value(put_key(to, &line->record->view->field_keys[value->field], quotes), line, value, quotes);
}

/* The values with the field of value FIRST, from that on: a bit for each. */
static uint64_t same_field(const struct msgt_record *message, unsigned first)
{
    uint64_t same = 0;
    for (unsigned i = first; i < message->count; i++)
        same |= (uint64_t)(message->values[i].field == message->values[first].field) << i;
    return same;
}

/* Bits of the fields that may occur twice; those of others may be among them. */
static uint64_t repeated_fields(const struct msgt_record *message)
{
    uint64_t seen = 0, twice = 0;
    for (unsigned i = 0; i < message->count; i++) {
        uint64_t bit = field_bit(message->values[i].field);
        twice |= seen & bit;
        seen |= bit;
    }
    return twice;
}

static char *put_repeating(char *to, const struct line *line, uint64_t repeated, uint64_t coded, enum quotes quotes)
{
    const struct msgt_record *message = &line->record->message;
    uint64_t taken = 0; /* by an array */
    for (unsigned i = 0; i < message->count; i++) {
        const struct msgt_value *value = &message->values[i];
        uint64_t same = repeated & field_bit(value->field) ? same_field(message, i) : 0;
        if (taken >> i & 1)
            continue;
        taken |= same;
        to = same & (same - 1) ? put_array(to, line, i, quotes) : put_field(to, line, value, coded, quotes);
    }
    return to;
}

static inline __attribute__((always_inline)) char *put_fields(char *to, const struct line *line, enum quotes quotes)
{
    const struct msgt_record *message = &line->record->message;
    const struct title *title = message->message_index >= 0 ? title_of_message(line->record->view, message->message_index) : NULL;
    uint64_t coded = title ? title->coded : 0, repeated = title && title->repeats ? repeated_fields(message) : 0;
    size_t start = (size_t)(to - line->buffer->data);
    if (repeated)
        to = put_repeating(to, line, repeated, coded, quotes);
    else
        for (const struct msgt_value *value = message->values, *end = value + message->count; value < end; value++)
            to = put_field(to, line, value, coded, quotes);
    to += message->count == 0;
    line->buffer->data[start] = '{'; /* the comma in front of the first key; the buffer may have moved */
    *to = '}';
    return to + 1;
}

void output_json_fields(struct buffer *buffer, const struct record *record)
{
    const struct line line = {buffer, record, fields_room(record, record->message.plain), record->message.plain};
    buffer_need(buffer, line.room);
    buffer_end(buffer, put_fields(buffer_at(buffer), &line, ONCE));
}

void output_json_fields_quoted(struct buffer *buffer, const struct record *record)
{
    const struct line line = {buffer, record, fields_room(record, record->message.plain), record->message.plain};
    buffer_need(buffer, line.room);
    char *to = put_fields(put_quote(buffer_at(buffer), ONCE), &line, TWICE);
    buffer_end(buffer, put_quote(to, ONCE));
}

/* ---- What else is no scalar ---- */

static uint32_t loud_findings(const struct record *record) { return record->message.findings & ~msgt_quiet_findings(); }

enum { FINDINGS_ROOM = 1 + 32 * MSGT_FINDINGS + COPY_STEP };

static char *put_findings(char *to, uint32_t findings)
{
    *to = '[';
    to += findings == 0;
    for (uint32_t left = findings; left; left &= left - 1) {
        const char *code = msgt_finding((enum msgt_finding)__builtin_ctz(left)).code;
        *to = left == findings ? '[' : ',';
        to = json_put_plain(to + 1, code, strlen(code));
    }
    *to = ']';
    return to + 1;
}

void output_json_findings(struct buffer *buffer, const struct record *record)
{
    buffer_need(buffer, FINDINGS_ROOM);
    buffer_end(buffer, put_findings(buffer_at(buffer), loud_findings(record)));
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

/* ---- Scalars ---- */

#define PUT_LITERAL(to, text) ((char *)memcpy(to, text, sizeof(text) - 1) + sizeof(text) - 1)

/* ,"name": */
static inline char *put_name(char *to, enum record_key_number number)
{
    memcpy(to, record_keys[number].json, KEY_ROOM);
    return to + record_keys[number].json_length;
}

static inline char *put_number(char *to, enum record_key_number key, uint64_t number) { return put_uint(put_name(to, key), number); }

static inline char *put_span(char *to, const struct line *line, enum record_key_number key, struct msgt_span span)
{
    return span.length ? put_wire(put_name(to, key), line, span.offset, span.length, ONCE) : to;
}

/* A time, which stands where it may be read in steps. */
static char *put_time(char *to, const struct line *line, enum record_key_number key)
{
    struct scalar value;
    value.kind = SCALAR_NONE;
    record_keys[key].get(line->record, &value);
    if (value.kind == SCALAR_NONE)
        return to;
    return put_quote(put_steps(put_quote(put_name(to, key), ONCE), value.text, value.length), ONCE);
}

/* The time of the capture: nearly always within the second of the record before. */
static inline char *put_captured(char *to, const struct line *line)
{
    const struct datagram *datagram = line->record->datagram;
    const struct record_memory *memory = line->record->memory;
    if (!memory || datagram->precision == 0 || !moment_is(&memory->captured, datagram->seconds))
        return put_time(to, line, KEY_TIME);
    to = put_steps(put_quote(put_name(to, KEY_TIME), ONCE), memory->captured.text, memory->captured.length);
    return PUT_LITERAL(put_fraction(to, datagram->nanoseconds, datagram->precision), "Z\"");
}

static char *put_scalar(char *to, const struct line *line, enum record_key_number key)
{
    struct scalar value;
    value.kind = SCALAR_NONE;
    record_keys[key].get(line->record, &value);
    if (value.kind == SCALAR_NONE)
        return to;
    to = put_name(to, key);
    if (value.kind == SCALAR_NUMBER)
        return put_int(to, value.number);
    if (value.origin < SCALAR_PLAIN)
        return put_any(to, line, value.text, value.length, ONCE);
    to = put_octets(put_quote(to, ONCE), value.text, value.length);
    return put_quote(to, ONCE);
}

/* Keys from FIRST to LAST, which depend on the same: rendered once. */
static inline char *put_known(char *to, const struct line *line, enum record_key_number first, enum record_key_number last)
{
    struct memo_id id;
    struct memo *memo = record_memo(line->record, record_keys[first].scope, first, &id);
    if (memo && memo_holds(memo, &id))
        return memo_put(to, memo);
    size_t start = (size_t)(to - line->buffer->data);
    for (enum record_key_number key = first; key <= last; key++)
        to = put_scalar(to, line, key);
    buffer_end(line->buffer, to);
    if (memo)
        memo_keep(memo, &id, line->buffer, start);
    return to;
}

/* What is known of the tag: severity, ID, title, status. */
static inline char *put_kind(char *to, const struct line *line)
{
    const struct msgt_record *message = &line->record->message;
    if (message->severity >= 0)
        to = put_digit(put_name(to, KEY_SEVERITY), message->severity);
    if (message->message_index >= 0) {
        const struct title *title = title_of_message(line->record->view, message->message_index);
        to = put_steps(to, title->json, title->json_length);
    } else if (message->tag.length) {
        to = put_number(to, KEY_ID, message->id);
    }
    const struct status_key *status = &line->record->view->statuses[message->status];
    return put_steps(to, status->json, status->length);
}

/* Octets that a line takes, without what has any length. Scalars that are no texts of the wire are shorter than an address of IPv6. */
static inline size_t line_room(const struct record *record, bool plain)
{
    const struct msgt_record *m = &record->message;
    size_t texts = (size_t)m->timestamp.length + m->hostname.length + m->product.length + m->class_word.length + m->message.length;
    enum { SCALAR_MOST = 48, STRUCTURES_MOST = 64 + FINDINGS_ROOM };
    return RECORD_KEYS * (KEY_ROOM + SCALAR_MOST) + TITLE_MOST + STRUCTURES_MOST + text_room(texts, plain) + fields_room(record, plain);
}

/* Between "repeat" and "message": as far as there is anything to tell. */
static inline char *put_structures(char *to, const struct line *line)
{
    const struct msgt_record *message = &line->record->message;
    if (message->count)
        to = put_fields(PUT_LITERAL(to, ",\"fields\":"), line, ONCE);
    uint32_t findings = loud_findings(line->record);
    if (findings)
        to = put_findings(PUT_LITERAL(to, ",\"findings\":"), findings);
    if (message->status != MSGT_PARTIAL && message->status != MSGT_TRUNCATED)
        return to;
    buffer_end(line->buffer, PUT_LITERAL(to, ",\"diverges\":"));
    output_json_diverges(line->buffer, line->record);
    buffer_need(line->buffer, line->room);
    return buffer_at(line->buffer);
}

void output_json_record(struct writer *writer, const struct record *record)
{
    const struct msgt_record *message = &record->message;
    const struct line line = {&writer->buffer, record, line_room(record, message->plain), message->plain};
    size_t start = line.buffer->length;
    buffer_need(line.buffer, line.room);
    char *to = buffer_at(line.buffer);
    to = put_known(to, &line, KEY_FILE, KEY_FILE);
    to = put_number(to, KEY_FRAME, record->datagram->frame);
    to = put_captured(to, &line);
    to = put_known(to, &line, KEY_SRC, KEY_PRI_SEVERITY);
    to = put_span(to, &line, KEY_TIMESTAMP, message->timestamp);
    if (record_may_have_utc(record))
        to = put_time(to, &line, KEY_TIMESTAMP_UTC);
    to = put_span(to, &line, KEY_HOSTNAME, message->hostname);
    to = put_span(to, &line, KEY_PRODUCT, message->product);
    to = put_span(to, &line, KEY_CLASS, message->class_word);
    to = put_kind(to, &line);
    if (message->repeat)
        to = put_number(to, KEY_REPEAT, message->repeat);
    to = put_structures(to, &line);
    to = put_span(to, &line, KEY_MESSAGE, message->message);
    line.buffer->data[start] = '{'; /* the comma in front of the first key */
    buffer_end(line.buffer, to);
    if (record_needs_raw(record)) {
        buffer_literal(line.buffer, ",\"raw\":");
        output_json_raw(line.buffer, record);
    }
    buffer_literal(line.buffer, "}\n");
}
