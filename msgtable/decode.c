/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the ops of a message's templates over its text. Each op moves forward through the text; the only way back is out of an
 * optional piece that does not match as a whole, and pieces do not nest. So the work is bounded by
 * templates × ops × octets, with the first two fixed by the catalogue.
 */
#include <string.h>

#include "literal.h"
#include "value.h"

/* Where a template was left. */
struct failure {
    size_t reach;  /* octets that made sense */
    size_t offset; /* start of the element that did not match */
    uint32_t op;   /* that element */
    bool ended;    /* the text was over */
};

struct matcher {
    const struct msgt_table *table;
    const uint8_t *text;
    size_t length;       /* of the text, less one final dot */
    uint32_t base;       /* of the text in the datagram */
    struct msgt_value *values;
    uint16_t count;
    struct failure best; /* of the template that runs */
    size_t led;          /* octet behind the literal that led the last field to its end, or 0 */
    bool thorough;       /* no template fits: look closely where each is left */
    const struct failure *stop_at; /* second run: keep the values in front of this failure */
    bool stopped;
};

static bool fail(struct matcher *m, uint32_t op, size_t offset, size_t reach, bool ended)
{
    if (!m->thorough)
        return false;
    if (m->stop_at && m->stop_at->op == op && m->stop_at->offset == offset)
        m->stopped = true;
    else if (reach > m->best.reach || (reach == m->best.reach && ended && !m->best.ended) || m->best.op == UINT32_MAX)
        m->best = (struct failure){reach, offset, op, ended};
    return false;
}

/* The slot for the next value with its place filled; NULL when there are too many. */
static struct msgt_value *place(const struct matcher *m, const struct op *op, size_t from, size_t to)
{
    if (m->count == MSGT_VALUES_MAX)
        return NULL;
    struct msgt_value *value = &m->values[m->count];
    value->offset = m->base + (uint32_t)from;
    value->length = (uint32_t)(to - from);
    value->field = op->field;
    value->kind = MSGT_KIND_TEXT;
    return value;
}

/* Keeps what stands between delimiters, blanks and all. */
static bool keep_exactly(struct matcher *m, const struct op *op, size_t from, size_t to)
{
    struct msgt_value *value = place(m, op, from, to);
    if (!value || (op->type != MSGT_TEXT && !value_read((enum msgt_type)op->type, m->text + from, to - from, value)))
        return false;
    m->count++;
    return true;
}

/* Blanks around a value are not part of it, unless delimiters say that they are. */
static bool keep(struct matcher *m, const struct op *op, size_t from, size_t to)
{
    while (from < to && is_blank(m->text[from]))
        from++;
    while (to > from && is_blank(m->text[to - 1]))
        to--;
    return keep_exactly(m, op, from, to);
}

static inline bool stop_matches(struct matcher *m, const struct op *op, size_t at)
{
    const struct text_ref *stops = m->table->texts + op->at;
    for (uint32_t i = 0; i < op->count; i++) {
        size_t end = at;
        if (literal_stands(m->table->pool, &stops[i], m->text, m->length, &end)) {
            m->led = end;
            return true;
        }
    }
    return op->last && (at == m->length || (at + 1 == m->length && m->text[at] == '.'));
}

/* The same where blanks may come first: behind a closing delimiter, or an address, which ends by itself. */
static bool stop_matches_behind(struct matcher *m, const struct op *op, size_t at)
{
    if (stop_matches(m, op, at))
        return true;
    if (!op->blanks || at == m->length || !is_blank(m->text[at]))
        return false;
    while (at < m->length && is_blank(m->text[at]))
        at++;
    return stop_matches(m, op, at);
}

/* First place in (FROM, LIMIT] where the text behind the field may start; SIZE_MAX when there is none. A value is not empty, so FROM
 * itself is none. */
static size_t find_stop(struct matcher *m, const struct op *op, size_t from, size_t limit)
{
    size_t end = limit < m->length ? limit + 1 : m->length;
    for (size_t at = op->count ? from + 1 : end; at < end; at++) {
        bool behind_blank = is_blank(m->text[at - 1]);
        if (!behind_blank && !op_may_start(op, m->text[at]))
            continue;
        if (behind_blank && is_blank(m->text[at]))
            continue; /* the first blank of a run spoke for all: keeps this linear */
        if (stop_matches(m, op, at))
            return at;
    }
    return op->last && limit >= m->length ? m->length : SIZE_MAX;
}

/* Where none matches as a whole: the place behind FROM where most octets of one do, if they are enough to be no chance. The text behind the field is
 * then worded differently or cut, and the value still ends there. */
static size_t likely_stop(struct matcher *m, const struct op *op, size_t from)
{
    enum { ENOUGH = 6 };
    size_t best = SIZE_MAX, most = ENOUGH - 1;
    for (size_t at = from + 1; at < m->length; at++) {
        if (is_blank(m->text[at]) && is_blank(m->text[at - 1]))
            continue;
        for (uint32_t i = 0; i < op->count; i++) {
            size_t reach = at;
            literal_at(m->table->pool, &m->table->texts[op->at + i], m->text, m->length, &reach);
            if (reach - at > most) {
                most = reach - at;
                best = at;
            }
        }
    }
    return best;
}

static bool may_hold_delimiters(const struct op *op) { return op->type == MSGT_TEXT || op->type == MSGT_WORD || op->type == MSGT_NAME; }

/* The value runs to the closing delimiter: the first with the right text behind it where the value may hold one itself, else the first at all. */
static size_t find_close(struct matcher *m, const struct op *op, size_t from)
{
    size_t first = SIZE_MAX;
    for (size_t at = from; at < m->length; at++) {
        const uint8_t *next = memchr(m->text + at, op->close, m->length - at);
        if (!next)
            break;
        at = (size_t)(next - m->text);
        if (first == SIZE_MAX)
            first = at;
        if (stop_matches_behind(m, op, at + 1) || !may_hold_delimiters(op))
            return at;
    }
    return first;
}

static bool take_delimited(struct matcher *m, const struct op *op, uint32_t index, size_t *at)
{
    size_t from = *at + 1;
    size_t close = find_close(m, op, from);
    if (close == SIZE_MAX)
        return fail(m, index, *at, from, true);
    size_t inside = from;
    while (inside < close && is_blank(m->text[inside]))
        inside++;
    bool absent = inside == close && op->type != MSGT_TEXT;
    if (!absent && !(op->type == MSGT_TEXT ? keep_exactly : keep)(m, op, from, close))
        return fail(m, index, *at, *at, false);
    *at = close + 1;
    return true;
}

/* Punctuation that the text behind the field starts with. Where that text is cut or worded differently this still bounds a value
 * without blanks, so that "3:" is not taken for a number of a fan. */
static bool hint_of_stop(struct matcher *m, const struct op *op, size_t at)
{
    uint8_t octet = m->text[at];
    if (is_alnum(octet) || is_blank(octet))
        return false;
    const struct text_ref *stops = m->table->texts + op->at;
    for (uint32_t i = 0; i < op->count; i++)
        if ((uint8_t)m->table->pool[stops[i].offset] == octet)
            return true;
    return false;
}

/* The longest part of the run that reads as an address and has behind it what ENDS looks for. When a part is no address, the shape of the run tells
 * which others need not be read. */
static size_t last_address(struct matcher *m, const struct op *op, size_t from, size_t run,
                           bool (*ends)(struct matcher *, const struct op *, size_t))
{
    const uint8_t *text = m->text + from;
    struct address_shape shape;
    bool shaped = false;
    for (size_t n = run; (n = shaped ? value_address_at_most(text, &shape, n) : n) > 0; n--) {
        if ((from + n == m->length && ends != stop_matches_behind) || !ends(m, op, from + n))
            continue;
        if (keep(m, op, from, from + n))
            return n;
        if (!shaped)
            shape = value_address_shape(text, run);
        shaped = true;
    }
    m->led = 0;
    return 0;
}

/* Most addresses are dotted quads whose end shows: nothing that an address is made of follows, or only the colon in front of a port. */
static size_t plain_ipv4(struct matcher *m, const struct op *op, size_t from)
{
    uint8_t address[4];
    size_t n = value_ipv4_run(m->text + from, m->length - from, address), to = from + n;
    if (n == 0 || (to < m->length && m->text[to] != ':' && value_extent(MSGT_IP, m->text + to, 1)) || !stop_matches(m, op, to))
        return 0;
    struct msgt_value *value = place(m, op, from, to);
    if (!value)
        return 0;
    value->kind = MSGT_KIND_IPV4;
    memcpy(value->as.address, address, sizeof address);
    m->count++;
    return n;
}

static bool take_address(struct matcher *m, const struct op *op, uint32_t index, size_t *at)
{
    size_t n = plain_ipv4(m, op, *at);
    if (n > 0) {
        *at += n;
        return true;
    }
    size_t run = value_extent(MSGT_IP, m->text + *at, m->length - *at);
    n = last_address(m, op, *at, run, stop_matches_behind);
    if (n == 0 && run > 0 && keep(m, op, *at, *at + run))
        n = run;
    if (n == 0)
        n = last_address(m, op, *at, run, hint_of_stop);
    if (n == 0)
        return fail(m, index, *at, *at, *at + run == m->length);
    *at += n;
    return true;
}

/* A number or MAC address ends where its octets do. */
static bool take_number(struct matcher *m, const struct op *op, uint32_t index, size_t *at)
{
    size_t to = *at + value_extent((enum msgt_type)op->type, m->text + *at, m->length - *at);
    if (to == *at || !keep_exactly(m, op, *at, to))
        return fail(m, index, *at, *at, to == m->length);
    *at = to;
    return true;
}

/* A run without blanks, or without slashes, up to the text behind it. */
static size_t end_of_run(struct matcher *m, const struct op *op, size_t from)
{
    size_t end = from + value_extent((enum msgt_type)op->type, m->text + from, m->length - from);
    size_t stop = find_stop(m, op, from, end);
    if (stop != SIZE_MAX)
        return stop;
    for (size_t at = from + 1; at < end; at++)
        if (hint_of_stop(m, op, at))
            return at;
    return end;
}

static bool take_text(struct matcher *m, const struct op *op, uint32_t index, size_t *at)
{
    size_t from = *at, to;
    if (op->type != MSGT_TEXT)
        to = end_of_run(m, op, from);
    else if ((to = find_stop(m, op, from, m->length)) == SIZE_MAX && m->thorough)
        to = likely_stop(m, op, from);
    if (to == SIZE_MAX)
        return fail(m, index, from, from, true);
    size_t last = to;
    while (from < last && is_blank(m->text[from]))
        from++;
    while (last > from && is_blank(m->text[last - 1]))
        last--;
    bool only_dot = op->type == MSGT_TEXT && last == from + 1 && to == m->length && m->text[from] == '.';
    struct msgt_value *value = from < last && !only_dot ? place(m, op, from, last) : NULL;
    if (!value)
        return fail(m, index, *at, *at, to == m->length);
    m->count++;
    *at = to;
    return true;
}

static inline bool take_field(struct matcher *m, const struct op *op, uint32_t index, size_t *at)
{
    m->led = 0;
    if (op->open && *at < m->length && m->text[*at] == op->open)
        return take_delimited(m, op, index, at);
    if (op->type == MSGT_IP)
        return take_address(m, op, index, at);
    return (value_is_self_delimiting((enum msgt_type)op->type) ? take_number : take_text)(m, op, index, at);
}

/* The longest of the words that stands here. */
static inline bool take_words(struct matcher *m, const struct op *op, uint32_t index, size_t *at)
{
    size_t longest = 0, reach = *at;
    bool found = false;
    for (uint32_t i = 0; i < op->count; i++) {
        size_t end = *at;
        const struct text_ref *word = &m->table->texts[op->at + i];
        if (!m->thorough && !literal_possible(word, m->text, m->length, end))
            continue;
        if (!literal_at(m->table->pool, word, m->text, m->length, &end)) {
            reach = end > reach ? end : reach;
        } else if (!found || end > longest) {
            longest = end;
            found = true;
        }
    }
    if (found && reach > longest && reach == m->length) {
        fail(m, index, *at, reach, true); /* a longer word may have been cut: noted in case that this one leads nowhere */
        if (m->stopped)
            return false;
    }
    if (!found || (op->field != MSGT_NONE && !keep(m, op, *at, longest)))
        return fail(m, index, *at, reach, reach == m->length);
    *at = longest;
    return true;
}

static inline bool take_literal(struct matcher *m, const struct op *op, uint32_t index, size_t *at)
{
    size_t end = *at;
    const struct text_ref *literal = &m->table->texts[op->at];
    if (!m->thorough)
        return literal_stands(m->table->pool, literal, m->text, m->length, at);
    if (!literal_at(m->table->pool, literal, m->text, m->length, &end))
        return fail(m, index, *at, end, end == m->length);
    *at = end;
    return true;
}

/* One final dot is no longer in the text; a second one is forgiven. */
static bool take_end(struct matcher *m, uint32_t index, size_t at)
{
    size_t end = at;
    while (end < m->length && is_blank(m->text[end]))
        end++;
    if (end < m->length && m->text[end] == '.')
        end++;
    while (end < m->length && is_blank(m->text[end]))
        end++;
    return end == m->length || fail(m, index, at, at, false);
}

/* Inline, it and what it calls, although the frame of fitting() is large: one instruction in forty of the whole program. */
static inline bool take(struct matcher *m, const struct op *op, uint32_t index, size_t *at)
{
    switch ((enum op_kind)op->kind) {
    case OP_LITERAL:
        return take_literal(m, op, index, at);
    case OP_FIELD:
        return take_field(m, op, index, at);
    case OP_WORDS:
        return take_words(m, op, index, at);
    default:
        return take_end(m, index, *at);
    }
}

/* Where a template stands behind the ops that others start with, too. */
struct checkpoint {
    uint32_t owner; /* template, counted within the message; UINT32_MAX: none yet */
    size_t at;
    uint16_t count;
    struct msgt_value values[MSGT_VALUES_MAX];
};

static void save(const struct matcher *m, size_t at, uint32_t owner, struct checkpoint *checkpoint)
{
    checkpoint->owner = owner; // NOLINT(clang-analyzer-core.NullDereference): a mark is set only with a checkpoint
    checkpoint->at = at;
    checkpoint->count = m->count;
    memcpy(checkpoint->values, m->values, m->count * sizeof *m->values);
}

static void restore(struct matcher *m, const struct checkpoint *checkpoint)
{
    m->count = checkpoint->count;
    memcpy(m->values, checkpoint->values, m->count * sizeof *m->values);
}

/* Runs a template from its op number START at octet AT. Returns NULL when it fits, else the op where it was left. */
static const struct op *run_from(struct matcher *m, const struct template_row *template, uint32_t start, size_t at, uint32_t save_as,
                                 struct checkpoint *checkpoint)
{
    const struct op *const ops = m->table->ops + template->ops.first;
    const struct op *const mark = checkpoint && save_as == template->like && template->shared > start ? ops + template->shared : NULL;
    const struct op *piece_end = ops; /* of the optional piece that we are in, or were in last */
    size_t piece_at = 0;
    uint16_t piece_count = 0;

    for (const struct op *op = ops + start;; op++) {
        if (op == mark)
            save(m, at, save_as, checkpoint);
        if (op->kind == OP_OPTIONAL) { // NOLINT(clang-analyzer-core.NullDereference): MARK may be NULL, OP never
            piece_end = op + op->at;
            piece_at = at;
            piece_count = m->count;
        } else if (take(m, op, (uint32_t)(op - ops), &at)) {
            if (op->kind == OP_END)
                return NULL;
            if (op->leads && m->led && !m->thorough) {
                at = m->led; /* the literal behind the field was found with its end */
                op++;
            }
        } else {
            if (m->stopped || op >= piece_end)
                return op;
            op = piece_end - 1;
            piece_end = ops;
            at = piece_at;
            m->count = piece_count;
        }
    }
}

/* A template alone, for where it is left. */
static void run(struct matcher *m, const struct template_row *template)
{
    m->count = 0;
    m->best = (struct failure){.op = UINT32_MAX};
    run_from(m, template, 0, 0, UINT32_MAX, NULL);
}

/* The first template that consumes the text, or COUNT. What starts like an earlier one goes on where that one was, or fails where it failed. */
static uint32_t fitting(struct matcher *m, const struct template_row *templates, uint32_t count)
{
    struct checkpoint checkpoint; /* large: not cleared */
    uint16_t left[TEMPLATES_MAX];
    checkpoint.owner = UINT32_MAX;
    checkpoint.at = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct template_row *template = &templates[i];
        uint32_t start = 0;
        left[i] = 0;
        m->count = 0;
        if (template->like < i && left[template->like] < template->shared)
            continue;
        if (template->like < i && checkpoint.owner == template->like) {
            start = template->shared;
            restore(m, &checkpoint);
        }
        const struct op *op = run_from(m, template, start, start ? checkpoint.at : 0, i, &checkpoint);
        if (!op)
            return i;
        left[i] = (uint16_t)(op - m->table->ops - template->ops.first);
    }
    return count;
}

static const char end_of_message[] = "end of message";

static void describe(const struct msgt_table *table, const struct op *op, struct msgt_record *record)
{
    const struct text_ref *text = NULL;
    if (op->kind == OP_LITERAL || (op->kind == OP_WORDS && op->field == MSGT_NONE))
        text = &table->texts[op->at];
    record->expected_field = !text && op->kind != OP_END;
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
    size_t end = value->offset - m->base + value->length;
    while (end < m->length && is_blank(m->text[end]))
        end++;
    if (end < m->length)
        return;
    m->count--;
    record->diverges = value->offset - m->base;
    record->expected_field = true;
    record->expected = table_text(m->table, m->table->fields[value->field].name);
    record->expected_length = (uint32_t)strlen(record->expected);
}

/* Keeps what the closest template read in front of the place where the text leaves it. Returns which template that is. */
static uint32_t diverge(struct matcher *m, const struct template_row *templates, uint32_t count, struct msgt_record *record)
{
    struct failure best = {.op = UINT32_MAX};
    uint32_t closest = 0;
    for (uint32_t i = 0; i < count; i++) {
        run(m, &templates[i]);
        bool further = m->best.reach > best.reach || (m->best.reach == best.reach && m->best.ended && !best.ended);
        if (best.op == UINT32_MAX || further) {
            best = m->best;
            closest = i;
        }
    }
    m->stop_at = &best; // cppcheck-suppress autoVariables; reset below
    m->stopped = false;
    run(m, &templates[closest]);
    m->stop_at = NULL;
    record->status = best.ended ? MSGT_TRUNCATED : MSGT_PARTIAL;
    record->diverges = (uint32_t)best.offset;
    describe(m->table, &m->table->ops[templates[closest].ops.first + best.op], record);
    if (best.ended)
        drop_unsure(m, record);
    return closest;
}

/* The text fits, but the capture lost the rest of the datagram: nobody knows whether more came. */
static void end_by_cut(struct matcher *m, struct msgt_record *record)
{
    record->status = MSGT_TRUNCATED;
    record->diverges = (uint32_t)m->length;
    record->expected = end_of_message;
    record->expected_length = (uint32_t)strlen(end_of_message);
    drop_unsure(m, record);
    record->diverges += m->base - record->message.offset;
}

static size_t text_length(const uint8_t *text, size_t length)
{
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    return length > 0 && text[length - 1] == '.' ? length - 1 : length;
}

void decode_text(const struct msgt_table *table, const uint8_t *datagram, struct msgt_span body, unsigned flags,
                 struct msgt_record *record)
{
    const struct message_row *message = &table->messages[record->message_index];
    const struct template_row *templates = table->templates + message->templates.first;
    struct matcher m = {.table = table,
                        .text = datagram + body.offset,
                        .length = text_length(datagram + body.offset, body.length),
                        .base = body.offset,
                        .values = record->values};

    record->status = MSGT_OK;
    uint32_t fits = fitting(&m, templates, message->templates.count);
    if (fits < message->templates.count) {
        record->template_index = (uint16_t)fits;
        if (flags & MSGT_CUT)
            end_by_cut(&m, record);
        record->count = m.count;
        return;
    }
    m.thorough = true;
    record->template_index = (uint16_t)diverge(&m, templates, message->templates.count, record);
    record->diverges += body.offset - record->message.offset;
    record->count = m.count;
}
