/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a message → values, and how well it fits its templates. */
#include <glib.h>
#include <string.h>

#include "trail.h"

static const char end_of_message[] = "end of message";

static void describe(const struct msgt_table *table, const struct op *op, struct msgt_record *record)
{
    const struct text_ref *text = NULL;
    if (op->kind == OP_LITERAL || (op->kind == OP_WORDS && op->field == MSGT_NONE))
        text = &table->texts[op->at];
    record->expected_field = !text && op->kind != OP_END;
    record->expected_end = op->kind == OP_END;
    if (text) { /* up to optional blanks, which no reader could see */
        record->expected = table_text(table, text->offset);
        record->expected += *record->expected == OP_OPTIONAL_BLANKS;
        record->expected_length = (uint32_t)strcspn(record->expected, (const char[]){OP_OPTIONAL_BLANKS, 0});
    } else {
        record->expected = op->kind == OP_END ? end_of_message : table_text(table, table->fields[op->field].name);
        record->expected_length = (uint32_t)strlen(record->expected);
    }
}

/* In a text that was cut the last value may be cut too: what touches the end is not sure. */
static void drop_unsure(struct matcher *m, struct msgt_record *record)
{
    if (m->count == 0)
        return;
    const struct msgt_value *value = &m->values[m->count - 1];
    const uint8_t *end = m->text.start + (value->offset - m->base) + value->length;
    while (end < m->text.end && is_blank(*end))
        end++;
    if (end < m->text.end)
        return;
    m->count--;
    record->diverges = value->offset - m->base;
    record->expected_field = true;
    record->expected_end = false;
    record->expected = table_text(m->table, m->table->fields[value->field].name);
    record->expected_length = (uint32_t)strlen(record->expected);
}

/* Keeps what the closest template read in front of the place where the text leaves it. Returns which template that is. */
static uint32_t diverge(struct matcher *m, const struct template_row *templates, uint32_t count, struct msgt_record *record)
{
    struct failure best = {0};
    uint32_t closest = 0;
    m->thorough = true;
    for (uint32_t i = 0; i < count; i++) {
        match_closely(m, &templates[i]);
        bool further = m->best.reach > best.reach || (m->best.reach == best.reach && m->best.ended && !best.ended);
        if (!best.op || further) {
            best = m->best;
            closest = i;
        }
    }
    m->stop_at = &best; // cppcheck-suppress autoVariables; reset below
    match_closely(m, &templates[closest]);
    m->stop_at = NULL;
    record->status = best.ended ? MSGT_TRUNCATED : MSGT_PARTIAL;
    record->diverges = (uint32_t)(best.start - m->text.start);
    describe(m->table, best.op, record);
    if (best.ended)
        drop_unsure(m, record);
    return closest;
}

/* No template fits as it is. */
SELDOM static uint32_t fit_otherwise(struct matcher *m, const struct template_row *templates, uint32_t count, struct msgt_record *record)
{
    m->empty = true;
    uint32_t fits = match_first(m, templates, count);
    return fits < count ? fits : diverge(m, templates, count, record);
}

/* The text fits, but the capture lost the rest of the datagram: nobody knows whether more came. */
static void end_by_cut(struct matcher *m, struct msgt_record *record)
{
    record->status = MSGT_TRUNCATED;
    record->diverges = (uint32_t)(m->text.end - m->text.start);
    record->expected = end_of_message;
    record->expected_end = true;
    record->expected_length = (uint32_t)strlen(end_of_message);
    drop_unsure(m, record);
}

static size_t text_length(const uint8_t *text, size_t length)
{
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    return length > 0 && text[length - 1] == '.' ? length - 1 : length;
}

static void decode_by(struct msgt_memory *memory, struct matcher *m, const struct template_row *templates, uint32_t count, unsigned flags,
                      struct msgt_record *record)
{
    uint32_t fits = memory ? trail_first(memory, m, templates, count, (uint32_t)record->message_index) : match_first(m, templates, count);
    record->status = MSGT_OK;
    if (fits == count)
        fits = fit_otherwise(m, templates, count, record);
    if (record->status == MSGT_OK && flags & MSGT_CUT)
        end_by_cut(m, record);
    if (record->status != MSGT_OK)
        record->diverges += m->base - record->message.offset;
    record->template_index = (uint16_t)fits;
    record->count = m->count;
}

void decode_text(struct msgt_memory *memory, const struct msgt_table *table, const uint8_t *datagram, struct msgt_span body, unsigned flags,
                 struct msgt_record *record)
{
    enum { DATAGRAM = 1 << 16 }; /* what one can hold needs no memory of the heap: without that, GLib would take the stack */
    uint8_t usual[2048], *room = usual, *large = NULL; /* nearly every text is shorter than usual */
    const struct slice *templates = &table->messages[record->message_index].templates;
    const uint8_t *text = datagram + body.offset;
    size_t length = text_length(text, body.length);
    size_t size = length + MATCH_PADDING;
    if (size > sizeof usual)
        room = size <= DATAGRAM ? g_alloca(size) : (large = g_malloc(size)); // cppcheck-suppress allocaCalled; of a bounded size
    __asm__("" : "+r"(room)); /* or else compilers would have its size checked once more by each of the next two */
    memcpy(room, text, length);
    memset(room + length, 0, MATCH_PADDING);
    struct matcher m = {.table = table,
                        .text = {room, room + length, table->pool},
                        .dot = length < body.length && text[length] == '.',
                        .base = body.offset,
                        .values = record->values};
    decode_by(memory, &m, table->templates + templates->first, templates->count, flags, record);
    if (large)
        g_free(large);
}
