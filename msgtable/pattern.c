/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pattern.h"

#include <stdarg.h>
#include <string.h>

#include "octets.h"
#include "value.h"

struct compiler {
    struct builder *builder;
    const char *source; /* pieces expanded */
    const uint32_t *columns; /* of each octet of source in the template as written */
    size_t length, at;
    GArray *ops;
    GString *literal;
    uint32_t piece; /* op that opened the optional piece, or UINT32_MAX */
    struct pattern_error *error;
};

G_GNUC_PRINTF(3, 4) static bool complain(struct compiler *c, size_t at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_vsnprintf(c->error->text, sizeof c->error->text, format, arguments);
    va_end(arguments);
    c->error->at = at < c->length ? c->columns[at] : (c->length ? c->columns[c->length - 1] + 1 : 0);
    return false;
}

static const char list_mark[] = "{*}"; /* in front of a list of pairs */

/* ---- Escapes ---- */

static int escaped(const char *source, size_t length, const char *also, size_t *used)
{
    static const char letters[] = "nrt\\", octets[] = "\n\r\t\\";
    *used = 2;
    if (length < 2)
        return -1;
    const char *known = source[1] ? strchr(letters, source[1]) : NULL;
    if (known)
        return octets[known - letters];
    if (source[1] == 'x' && length >= 4 && is_xdigit((uint8_t)source[2]) && is_xdigit((uint8_t)source[3])) {
        *used = 4;
        int octet = hex_value((uint8_t)source[2]) << 4 | hex_value((uint8_t)source[3]);
        return octet ? octet : -1;
    }
    return source[1] && strchr(also, source[1]) ? (uint8_t)source[1] : -1;
}

bool pattern_unescape(const char *source, size_t length, const char *also, GString *out, size_t *at)
{
    for (*at = 0; *at < length;) {
        size_t used = 1;
        int octet = (uint8_t)source[*at];
        if (octet == '\\')
            octet = escaped(source + *at, length - *at, also, &used);
        if (octet < 0)
            return false;
        g_string_append_c(out, (char)octet);
        *at += used;
    }
    return true;
}

/* ---- Literals ---- */

/* Keeps neighbouring blanks one: a blank is stronger than optional blanks. */
static void append_blank(GString *literal, char blank)
{
    char last = literal->len ? literal->str[literal->len - 1] : 0;
    if (last == ' ')
        return;
    if (last == OP_OPTIONAL_BLANKS)
        literal->str[literal->len - 1] = blank;
    else
        g_string_append_c(literal, blank);
}

/* Octets in front of the blank are for blanks: others would be taken for some. */
static bool is_unmatchable(char octet) { return is_control((uint8_t)octet) && !is_blank((uint8_t)octet); }

static const char unmatchable[] = "a control character cannot be matched; let a field hold it";

static bool append_octet(struct compiler *c)
{
    char octet = c->source[c->at];
    size_t used = 1;
    if (octet == '\\') {
        int resolved = escaped(c->source + c->at, c->length - c->at, "{}|~", &used);
        if (resolved < 0)
            return complain(c, c->at, "unknown escape in a template");
        octet = (char)resolved;
        if (is_unmatchable(octet))
            return complain(c, c->at, "%s", unmatchable);
        if (!is_blank((uint8_t)octet)) {
            g_string_append_c(c->literal, octet);
            c->at += used;
            return true;
        }
    }
    if (octet == '~')
        append_blank(c->literal, OP_OPTIONAL_BLANKS);
    else if (is_blank((uint8_t)octet))
        append_blank(c->literal, ' ');
    else
        g_string_append_c(c->literal, octet);
    c->at += used;
    return true;
}

static void add_op(struct compiler *c, struct op op) { g_array_append_val(c->ops, op); }

static uint32_t add_text(struct compiler *c, const char *octets, size_t length)
{
    struct text_ref text = builder_text(c->builder, octets, length);
    g_array_append_val(c->builder->texts, text);
    return c->builder->texts->len - 1;
}

static void flush_literal(struct compiler *c)
{
    if (c->literal->len == 0)
        return;
    add_op(c, (struct op){.kind = OP_LITERAL,
                          .field = MSGT_NONE,
                          .at = add_text(c, c->literal->str, c->literal->len),
                          .count = 1});
    g_string_truncate(c->literal, 0);
}

/* ---- Braces ---- */

static int find_field(struct compiler *c, size_t at, const char *name, size_t length)
{
    char *copy = g_strndup(name, length);
    int index = builder_find(c->builder, SPACE_FIELD, copy);
    if (index < 0)
        complain(c, at, "the field \"%s\" is not declared", copy);
    g_free(copy);
    return index;
}

/* One of several, between AT and STOP. */
static bool compile_word(struct compiler *c, size_t at, size_t stop)
{
    GString *octets = g_string_new(NULL), *word = g_string_new(NULL);
    size_t wrong;
    bool good = pattern_unescape(c->source + at, stop - at, "{}|~", octets, &wrong) || complain(c, at + wrong, "unknown escape in a template");
    for (size_t i = 0; good && i < octets->len; i++) {
        if (is_unmatchable(octets->str[i]))
            good = complain(c, at, "%s", unmatchable);
        else if (is_blank((uint8_t)octets->str[i]))
            append_blank(word, ' ');
        else
            g_string_append_c(word, octets->str[i]);
    }
    if (good)
        add_text(c, word->str, word->len);
    g_string_free(octets, TRUE);
    g_string_free(word, TRUE);
    return good;
}

/* Where OCTET stands in [FROM, TO) as itself, not behind a backslash; NULL: nowhere. */
static const char *find_octet(const struct compiler *c, char octet, size_t from, size_t to)
{
    for (size_t at = from; at < to; at += c->source[at] == '\\' ? 2 : 1)
        if (c->source[at] == octet)
            return c->source + at;
    return NULL;
}

/* {a|b} and {name=a|b}: from, to are the octets between the braces. */
static bool compile_words(struct compiler *c, size_t from, size_t to)
{
    const char *equals = find_octet(c, '=', from, to);
    const char *bar = find_octet(c, '|', from, to);
    struct op op = {.kind = OP_WORDS, .field = MSGT_NONE, .at = c->builder->texts->len};
    size_t at = from;
    if (equals && (!bar || equals < bar)) {
        at = (size_t)(equals - c->source) + 1;
        int field = find_field(c, from, c->source + from, at - 1 - from);
        if (field < 0)
            return false;
        op.field = (uint16_t)field;
        op.type = (uint8_t)g_array_index(c->builder->fields, struct field_row, field).type;
    }
    while (at <= to) {
        const char *end = find_octet(c, '|', at, to);
        size_t stop = end ? (size_t)(end - c->source) : to;
        if (stop == at)
            return complain(c, at, "an alternative is empty; write {?…} for what may be missing");
        if (!compile_word(c, at, stop))
            return false;
        op.count++;
        at = stop + 1;
    }
    add_op(c, op);
    return true;
}

static bool compile_field(struct compiler *c, size_t from, size_t to)
{
    static const char openers[] = "<'\"[(", closers[] = ">'\"])";
    struct op op = {.kind = OP_FIELD};
    const char *opener = to > from ? strchr(openers, c->source[from]) : NULL;
    if (opener && *opener) {
        op.open = (uint8_t)*opener;
        op.close = (uint8_t)closers[opener - openers];
        if (to - from < 3 || (uint8_t)c->source[to - 1] != op.close)
            return complain(c, from, "the delimiter %c has no %c", op.open, op.close);
        from++;
        to--;
    }
    op.numeric = to > from && c->source[to - 1] == '!';
    int field = find_field(c, from, c->source + from, to - from - op.numeric);
    if (field < 0)
        return false;
    op.field = (uint16_t)field;
    op.type = (uint8_t)g_array_index(c->builder->fields, struct field_row, field).type;
    if (op.numeric && op.type != MSGT_IP)
        return complain(c, to - 1, "\"!\" is for fields of the type ip");
    add_op(c, op);
    return true;
}

static bool open_piece(struct compiler *c)
{
    if (c->piece != UINT32_MAX)
        return complain(c, c->at, "an optional piece holds no further optional piece");
    c->piece = c->ops->len;
    add_op(c, (struct op){.kind = OP_OPTIONAL, .field = MSGT_NONE});
    c->at += 2;
    return true;
}

static bool close_piece(struct compiler *c)
{
    flush_literal(c);
    if (c->piece == UINT32_MAX)
        return complain(c, c->at, "\"}\" without \"{\"");
    struct op *opener = &g_array_index(c->ops, struct op, c->piece);
    opener->at = c->ops->len - c->piece;
    if (opener->at == 1 || opener[1].kind == OP_FIELD)
        return complain(c, c->at, "an optional piece starts with text or alternatives");
    c->piece = UINT32_MAX;
    c->at++;
    return true;
}

static bool compile_brace(struct compiler *c)
{
    flush_literal(c);
    size_t from = c->at + 1, to = from;
    if (from < c->length && c->source[from] == '?')
        return open_piece(c);
    while (to < c->length && c->source[to] != '}') {
        if (c->source[to] == '{')
            return complain(c, to, "\"{\" inside \"{\"");
        to += c->source[to] == '\\' ? 2 : 1;
    }
    if (to >= c->length)
        return complain(c, c->at, "\"{\" without \"}\"");
    bool words = find_octet(c, '|', from, to) || find_octet(c, '=', from, to);
    if (!(words ? compile_words(c, from, to) : compile_field(c, from, to)))
        return false;
    c->at = to + 1;
    return true;
}

/* ---- Where a field stops ---- */

struct follow {
    struct compiler *c;
    const struct op *ops;
    GPtrArray *stops; /* GString */
    bool last, blanks, touches;
    unsigned paths; /* looked at: many may lead to few stops */
};

enum { STOP_LENGTH = 24 };

static void follow_from(struct follow *f, uint32_t index, const GString *prefix);

static void follow_text(struct follow *f, uint32_t index, const GString *prefix, uint32_t text)
{
    const struct text_ref *ref = &g_array_index(f->c->builder->texts, struct text_ref, text);
    GString *longer = g_string_new_len(prefix->str, (gssize)prefix->len);
    const char *octets = builder_at(f->c->builder, ref->offset);
    for (uint32_t i = 0; i < ref->length; i++) {
        if (octets[i] == OP_OPTIONAL_BLANKS && longer->len == 0) {
            f->blanks = true; /* those around a bare value are not part of it anyway */
            continue;
        }
        if (is_blank((uint8_t)octets[i]) || octets[i] == OP_OPTIONAL_BLANKS)
            append_blank(longer, octets[i] == OP_OPTIONAL_BLANKS ? OP_OPTIONAL_BLANKS : ' ');
        else
            g_string_append_c(longer, octets[i]);
    }
    follow_from(f, index + 1, longer);
    g_string_free(longer, TRUE);
}

static void add_stop(struct follow *f, const GString *stop)
{
    for (guint i = 0; i < f->stops->len; i++)
        if (g_string_equal(g_ptr_array_index(f->stops, i), stop))
            return;
    g_ptr_array_add(f->stops, g_string_new_len(stop->str, (gssize)stop->len));
}

static void follow_from(struct follow *f, uint32_t index, const GString *prefix)
{
    const struct op *op = &f->ops[index];
    if (f->stops->len > PATTERN_STOPS_MAX || ++f->paths > PATTERN_PATHS_MAX)
        return;
    if (prefix->len >= STOP_LENGTH) {
        add_stop(f, prefix);
        return;
    }
    switch ((enum op_kind)op->kind) {
    case OP_LITERAL:
        follow_text(f, index, prefix, op->at);
        break;
    case OP_WORDS:
        for (uint32_t i = 0; i < op->count; i++)
            follow_text(f, index, prefix, op->at + i);
        break;
    case OP_OPTIONAL:
        follow_from(f, index + 1, prefix);
        follow_from(f, index + op->at, prefix);
        break;
    case OP_PAIRS: /* in no sequence */
        break;
    case OP_FIELD:
        f->touches |= prefix->len == 0;
        if (prefix->len)
            add_stop(f, prefix);
        break;
    case OP_END:
        f->last |= prefix->len == 0;
        if (prefix->len)
            add_stop(f, prefix);
        break;
    }
}

/* A stop may start with FIRST. */
static void add_start(struct op *op, uint8_t first)
{
    op->blank |= first <= ' ';
    if (first != ' ')
        op->start = first > ' ' && (op->start == ' ' || op->start == first) ? first : 0;
}

static bool set_stops(struct compiler *c, uint32_t index)
{
    struct follow f = {.c = c, .ops = (const struct op *)(void *)c->ops->data, .stops = g_ptr_array_new()};
    struct op *op = &g_array_index(c->ops, struct op, index);
    GString *nothing = g_string_new(NULL);
    follow_from(&f, index + 1, nothing);
    g_string_free(nothing, TRUE);
    op->at = c->builder->texts->len;
    op->last = f.last;
    op->blanks = f.blanks;
    op->count = f.stops->len;
    const struct op *next = op + 1;
    op->leads = op->count == 1 && !op->last && next->kind == OP_LITERAL && next[1].kind != OP_LITERAL && next[1].kind != OP_WORDS && next[1].kind != OP_OPTIONAL;
    op->start = ' ';
    if (op->last && op->count)
        add_start(op, '.'); /* a second final dot */
    for (guint i = 0; i < f.stops->len; i++) {
        GString *stop = g_ptr_array_index(f.stops, i);
        uint32_t text = add_text(c, stop->str, stop->len);
        add_start(op, g_array_index(c->builder->texts, struct text_ref, text).first);
        g_string_free(stop, TRUE);
    }
    guint stops = f.stops->len;
    g_ptr_array_free(f.stops, TRUE);
    if (stops > PATTERN_STOPS_MAX || f.paths > PATTERN_PATHS_MAX)
        return complain(c, c->length, "too many ways to go on behind a field");
    if (f.touches && !value_is_self_delimiting((enum msgt_type)op->type))
        return complain(c, c->length, "the field \"%s\" touches the next one: text must stand between them",
                        builder_at(c->builder, g_array_index(c->builder->fields, struct field_row, op->field).name));
    return true;
}

/* ---- Lists ---- */

/* One field, which takes all of a value. A word is as good as a text: where it ends is known. */
static bool compile_whole_value(struct compiler *c)
{
    size_t from = c->at;
    if (!compile_brace(c))
        return false;
    struct op *op = &g_array_index(c->ops, struct op, c->ops->len - 1);
    if (op->type == MSGT_WORD)
        op->type = MSGT_TEXT;
    return op->kind == OP_FIELD || complain(c, from, "the value of a pair is a field");
}

static bool compile_key(struct compiler *c)
{
    size_t from = c->at;
    while (c->at < c->length && !strchr("{},", c->source[c->at]))
        if (!append_octet(c))
            return false;
    bool good = c->literal->len > 2 && g_str_has_suffix(c->literal->str, ": ");
    flush_literal(c);
    return (good && c->at < c->length && c->source[c->at] == '{') || complain(c, from, "a pair is \"KEY: {field}\"");
}

/* {*}KEY: {field}, KEY: {field}, …, {field} */
static bool compile_list(struct compiler *c)
{
    add_op(c, (struct op){.kind = OP_PAIRS, .field = MSGT_NONE, .at = 2});
    add_op(c, (struct op){.kind = OP_END, .field = MSGT_NONE});
    uint32_t count = 0;
    for (c->at = strlen(list_mark); c->at < c->length && c->source[c->at] != '{'; count++) {
        if (!compile_key(c) || !compile_whole_value(c))
            return false;
        if (c->source[c->at] != ',')
            return complain(c, c->at, "behind a pair stands a comma");
        for (c->at++; c->source[c->at] == ' '; c->at++)
            ;
    }
    g_array_index(c->ops, struct op, 0).count = count;
    if (count == 0 || c->at >= c->length || !compile_whole_value(c) || c->at < c->length)
        return complain(c, c->at, "a list has pairs, and ends with the field of those that have other keys");
    return true;
}

/* ---- One form ---- */

static bool compile_sequence(struct compiler *c)
{
    while (c->at < c->length) {
        char octet = c->source[c->at];
        bool good = octet == '{' ? compile_brace(c) : octet == '}' ? close_piece(c) : append_octet(c);
        if (!good)
            return false;
    }
    if (c->piece != UINT32_MAX)
        return complain(c, c->length, "an optional piece is not closed");
    if (c->literal->len && c->literal->str[c->literal->len - 1] == '.')
        return complain(c, c->length - 1, "a template has no final dot: it is forgiven in any case");
    flush_literal(c);
    add_op(c, (struct op){.kind = OP_END, .field = MSGT_NONE});
    unsigned values = 0;
    for (uint32_t i = 0; i < c->ops->len; i++) {
        struct op *op = &g_array_index(c->ops, struct op, i);
        values += op->kind == OP_FIELD || op->kind == OP_WORDS;
        if (op->kind == OP_FIELD && !set_stops(c, i))
            return false;
    }
    return values <= MSGT_VALUES_MAX || complain(c, c->length, "more than %d values", MSGT_VALUES_MAX);
}

static bool compile_ops(struct compiler *c)
{
    if (!(g_str_has_prefix(c->source, list_mark) ? compile_list(c) : compile_sequence(c)))
        return false;
    for (uint32_t i = 0; i < c->ops->len; i++) {
        struct op *op = &g_array_index(c->ops, struct op, i);
        if (op->count && op->kind != OP_PAIRS)
            op->text = g_array_index(c->builder->texts, struct text_ref, op->at);
    }
    return true;
}

static bool compile_form(struct builder *builder, const GString *source, const GArray *columns, uint16_t line,
                         uint16_t form, struct pattern_error *error)
{
    struct compiler c = {.builder = builder,
                         .source = source->str,
                         .columns = (const uint32_t *)(void *)columns->data,
                         .length = source->len,
                         .ops = g_array_new(FALSE, TRUE, sizeof(struct op)),
                         .literal = g_string_new(NULL),
                         .piece = UINT32_MAX,
                         .error = error};
    bool good = compile_ops(&c);
    if (good) {
        struct template_row row = {.ops = {builder->ops->len, c.ops->len},
                                   .source = builder_string(builder, source->str, source->len),
                                   .line = line,
                                   .form = form};
        g_array_append_vals(builder->ops, c.ops->data, c.ops->len);
        g_array_append_val(builder->templates, row);
    }
    g_array_unref(c.ops);
    g_string_free(c.literal, TRUE);
    return good;
}

/* ---- Pieces ---- */

/* One combination of forms, cut short where it passes a bound: the source with each {@name} replaced by the form that CHOICE picks: a number whose lowest digit is the
 * form of the first piece, to the base of how many it has, and so on. FORMS: how many choices there are. */
static bool expand(struct builder *builder, const char *source, unsigned choice, unsigned *forms, GString *out,
                   GArray *columns, struct pattern_error *error)
{
    *forms = 1;
    for (uint32_t i = 0; source[i] && *forms <= PATTERN_FORMS_MAX && out->len <= PATTERN_SOURCE_MAX;) {
        if (source[i] != '{' || source[i + 1] != '@') {
            for (uint32_t behind = i + (source[i] == '\\' && source[i + 1] ? 2 : 1); i < behind; i++) {
                g_string_append_c(out, source[i]);
                g_array_append_val(columns, i);
            }
            continue;
        }
        const char *end = source + i + 1 + strcspn(source + i + 1, "{}");
        if (*end != '}') {
            *error = (struct pattern_error){.at = i, .text = "\"{@\" without \"}\""};
            return false;
        }
        char *name = g_strndup(source + i + 2, (gsize)(end - source) - i - 2);
        int known = builder_find(builder, SPACE_PIECE, name);
        if (known < 0) {
            error->at = i;
            g_snprintf(error->text, sizeof error->text, "the piece \"%s\" is not declared", name);
            g_free(name);
            return false;
        }
        g_free(name);
        const struct slice *slice = &g_array_index(builder->pieces, struct piece_row, known).forms;
        uint32_t form = slice->first + choice / *forms % slice->count;
        const char *text = builder_at(builder, g_array_index(builder->forms, uint32_t, form));
        for (size_t k = 0; text[k]; k++)
            g_array_append_val(columns, i);
        g_string_append(out, text);
        *forms *= slice->count;
        i = (uint32_t)(end - source) + 1;
    }
    return true;
}

unsigned pattern_compile(struct builder *builder, const char *source, uint16_t line, struct pattern_error *error)
{
    unsigned forms = 1;
    for (unsigned form = 0; form < forms; form++) {
        GString *expanded = g_string_new(NULL);
        GArray *columns = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        bool good = expand(builder, source, form, &forms, expanded, columns, error);
        if (good && (forms > PATTERN_FORMS_MAX || expanded->len > PATTERN_SOURCE_MAX)) {
            *error = (struct pattern_error){.text = "the text is too long, or its pieces make too many forms"};
            good = false;
        }
        good = good && compile_form(builder, expanded, columns, line, (uint16_t)form, error);
        g_string_free(expanded, TRUE);
        g_array_unref(columns);
        if (!good)
            return 0;
    }
    return forms;
}
