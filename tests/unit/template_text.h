/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Templates read anew, from the grammar in catalog/README.md and not from the compiled ops: what a test renders texts from, and
 * holds a record to. Slow and plain on purpose.
 */
#ifndef FTD_TEST_TEMPLATE_TEXT_H
#define FTD_TEST_TEMPLATE_TEXT_H

#include "unit.h"

#include "msgtable/msgtable.h"
#include "octets.h"

enum element_kind { ELEMENT_END, ELEMENT_OCTET, ELEMENT_BLANK, ELEMENT_MAY_BLANK, ELEMENT_FIELD, ELEMENT_WORDS, ELEMENT_PIECE };
enum { ELEMENTS_MAX = 4096, CHOICES_MAX = 64 };

struct element {
    enum element_kind kind;
    uint8_t octet;       /* of ELEMENT_OCTET */
    uint8_t open, close; /* of a field, or 0 */
    bool numeric;        /* of a field: an address, no name */
    uint16_t field;      /* or MSGT_NONE */
    uint16_t end;        /* of a piece: the element behind it */
    uint16_t choices;    /* of words: how many */
    struct choice {
        uint16_t from, length; /* in the octets of the template */
    } choice[CHOICES_MAX];
};

struct template {
    bool list; /* of pairs, in any order: octets and a field each; the last has the field alone */
    struct element elements[ELEMENTS_MAX]; /* the last is ELEMENT_END */
    unsigned count;
    char octets[8192]; /* of the words, escapes resolved */
    unsigned used;
};

static inline struct element *new_element(struct template *t, enum element_kind kind)
{
    assert_true(t->count < ELEMENTS_MAX);
    struct element *element = &t->elements[t->count++];
    memset(element, 0, offsetof(struct element, choice));
    element->kind = kind;
    element->field = MSGT_NONE;
    return element;
}

/* The octet at *SOURCE, an escape resolved; *SOURCE then is behind it. */
static inline uint8_t template_octet(const char **source, bool *escaped)
{
    const char *at = *source;
    *escaped = *at == '\\';
    if (!*escaped) {
        *source = at + 1;
        return (uint8_t)*at;
    }
    *source = at + 2;
    if (at[1] == 'x') {
        *source = at + 4;
        return (uint8_t)(hex_value((uint8_t)at[2]) << 4 | hex_value((uint8_t)at[3]));
    }
    const char *known = strchr("n\nr\rt\t", at[1]);
    return (uint8_t)(known ? known[1] : at[1]);
}

static inline uint16_t field_named(const struct msgt_table *table, const char *name, size_t length)
{
    char copy[64];
    assert_true(length < sizeof copy);
    memcpy(copy, name, length);
    copy[length] = 0;
    uint16_t field = msgt_field_index(table, copy);
    assert_int_not_equal(field, MSGT_NONE);
    return field;
}

static inline void read_choices(struct template *t, struct element *element, const char *from, const char *to)
{
    while (from <= to) {
        assert_true(element->choices < CHOICES_MAX);
        struct choice *choice = &element->choice[element->choices++];
        choice->from = (uint16_t)t->used;
        while (from < to && *from != '|') {
            bool escaped;
            assert_true(t->used < sizeof t->octets);
            t->octets[t->used++] = (char)template_octet(&from, &escaped);
        }
        choice->length = (uint16_t)(t->used - choice->from);
        from++;
    }
}

/* Behind "{": a field, words or the start of a piece. Returns what is behind it. */
static inline const char *read_brace(const struct msgt_table *table, struct template *t, const char *from, int *piece)
{
    if (*from == '?') {
        *piece = (int)t->count;
        new_element(t, ELEMENT_PIECE);
        return from + 1;
    }
    const char *to = from;
    while (*to != '}')
        to += *to == '\\' ? 2 : 1;
    const char *bar = memchr(from, '|', (size_t)(to - from)), *equals = memchr(from, '=', (size_t)(to - from));
    if (bar || equals) {
        struct element *element = new_element(t, ELEMENT_WORDS);
        if (equals && (!bar || equals < bar)) {
            element->field = field_named(table, from, (size_t)(equals - from));
            from = equals + 1;
        }
        read_choices(t, element, from, to);
        return to + 1;
    }
    struct element *element = new_element(t, ELEMENT_FIELD);
    const char *name = from, *end = to;
    if (!is_alpha((uint8_t)*from)) {
        element->open = (uint8_t)*name++;
        element->close = (uint8_t)*--end;
    }
    element->numeric = end[-1] == '!';
    element->field = field_named(table, name, (size_t)(end - name) - element->numeric);
    return to + 1;
}

static inline void read_template(const struct msgt_table *table, const char *source, struct template *t)
{
    int piece = -1;
    t->count = t->used = 0;
    t->list = strncmp(source, "{*}", 3) == 0;
    source += t->list ? 3 : 0;
    while (*source) {
        if (*source == '{') {
            source = read_brace(table, t, source + 1, &piece);
        } else if (*source == '}') {
            assert_true(piece >= 0);
            t->elements[piece].end = (uint16_t)t->count;
            piece = -1;
            source++;
        } else {
            bool escaped;
            uint8_t octet = template_octet(&source, &escaped);
            enum element_kind kind = is_blank(octet) ? ELEMENT_BLANK : octet == '~' && !escaped ? ELEMENT_MAY_BLANK : ELEMENT_OCTET;
            new_element(t, kind)->octet = octet;
        }
    }
    new_element(t, ELEMENT_END);
}

/* ---- A record against its text ---- */

/* A text being held against a template and the values of a record; blanks count nowhere. */
struct fitting {
    const struct template *template;
    const struct msgt_record *record;
    const uint8_t *text;
    size_t length;
    unsigned long steps; /* a bound for the test itself */
};

static inline size_t skip_blanks(const struct fitting *f, size_t at)
{
    while (at < f->length && is_blank(f->text[at]))
        at++;
    return at;
}

/* Octets without their blanks at AT; SIZE_MAX when they are not there. */
static inline size_t skip_octets(const struct fitting *f, size_t at, const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (is_blank(octets[i]))
            continue;
        at = skip_blanks(f, at);
        if (at == f->length || f->text[at] != octets[i])
            return SIZE_MAX;
        at++;
    }
    return at;
}

static inline bool fits_from(struct fitting *f, unsigned index, size_t at, unsigned value);

/* The next value stands here, in its place of the datagram, with its delimiters or without. */
static inline bool fits_field(struct fitting *f, const struct element *e, unsigned index, size_t at, unsigned value)
{
    at = skip_blanks(f, at);
    bool opened = e->open && at < f->length && f->text[at] == e->open;
    if (opened) {
        size_t close = skip_blanks(f, at + 1);
        if (close < f->length && f->text[close] == e->close && fits_from(f, index + 1, close + 1, value))
            return true; /* nothing between the delimiters: no value, or one without octets is taken below */
        at++;
    }
    const struct msgt_value *v = value < f->record->count ? &f->record->values[value] : NULL;
    if (!v || v->field != e->field || skip_blanks(f, at) < skip_blanks(f, v->offset) || at > v->offset + v->length)
        return false;
    at = skip_blanks(f, v->offset + v->length);
    if (opened && (at == f->length || f->text[at++] != e->close))
        return false;
    return fits_from(f, index + 1, at, value + 1);
}

static inline bool fits_words(struct fitting *f, const struct element *e, unsigned index, size_t at, unsigned value)
{
    for (unsigned i = 0; i < e->choices; i++) {
        const uint8_t *octets = (const uint8_t *)f->template->octets + e->choice[i].from;
        size_t end = skip_octets(f, at, octets, e->choice[i].length);
        if (end == SIZE_MAX)
            continue;
        if (e->field == MSGT_NONE) {
            if (fits_from(f, index + 1, end, value))
                return true;
            continue;
        }
        const struct msgt_value *v = value < f->record->count ? &f->record->values[value] : NULL;
        if (v && v->field == e->field && v->offset == skip_blanks(f, at) && v->offset + v->length == end &&
            fits_from(f, index + 1, end, value + 1))
            return true;
    }
    return false;
}

static inline bool fits_from(struct fitting *f, unsigned index, size_t at, unsigned value)
{
    const struct element *e = &f->template->elements[index];
    assert_true(++f->steps < 10000000);
    switch (e->kind) {
    case ELEMENT_END:
        at = skip_blanks(f, at);
        for (int dots = 0; dots < 2 && at < f->length && f->text[at] == '.'; dots++)
            at = skip_blanks(f, at + 1);
        return at == f->length && value == f->record->count;
    case ELEMENT_OCTET:
        at = skip_octets(f, at, &e->octet, 1);
        return at != SIZE_MAX && fits_from(f, index + 1, at, value);
    case ELEMENT_BLANK:
    case ELEMENT_MAY_BLANK:
        return fits_from(f, index + 1, at, value);
    case ELEMENT_PIECE:
        return fits_from(f, index + 1, at, value) || fits_from(f, e->end, at, value);
    case ELEMENT_WORDS:
        return fits_words(f, e, index, at, value);
    case ELEMENT_FIELD:
        return fits_field(f, e, index, at, value);
    }
    return false;
}

/* ---- A list ---- */

/* The pair of a list that begins with element FROM: its key, without the comma in front, is [*KEY, what is returned), and there stands its field. */
static inline unsigned list_pair(const struct template *t, unsigned from, unsigned *key)
{
    *key = from;
    while (t->elements[*key].kind == ELEMENT_BLANK || (t->elements[*key].kind == ELEMENT_OCTET && t->elements[*key].octet == ','))
        ++*key;
    unsigned field = *key;
    while (t->elements[field].kind != ELEMENT_FIELD)
        field++;
    return field;
}

/* The field of the pair at *AT, which is then behind its key; that of other pairs has none. */
static inline const struct element *list_field(const struct fitting *f, size_t *at)
{
    const struct template *t = f->template;
    unsigned key, field = 0;
    for (unsigned from = 0; from + 1 < t->count; from = field + 1) {
        field = list_pair(t, from, &key);
        size_t behind = *at;
        for (unsigned i = key; i < field && behind != SIZE_MAX; i++)
            if (t->elements[i].kind == ELEMENT_OCTET)
                behind = skip_octets(f, behind, &t->elements[i].octet, 1);
        if (behind == SIZE_MAX)
            continue;
        *at = behind;
        break;
    }
    return &t->elements[field];
}

static inline bool list_gives_text(const struct fitting *f)
{
    unsigned value = 0;
    for (size_t at = skip_blanks(f, 0); at < f->length; at = skip_blanks(f, at + 1)) {
        const struct element *field = list_field(f, &at);
        const struct msgt_value *v = value < f->record->count ? &f->record->values[value] : NULL;
        at = skip_blanks(f, at);
        bool opened = v && field->open && at < f->length && f->text[at] == field->open && v->offset == at + 1;
        if (v && v->field == field->field && v->offset == at + opened) {
            at = v->offset + v->length + opened;
            value++;
        }
        at = skip_blanks(f, at);
        if (at < f->length && f->text[at] != ',' && f->text[at] != '.')
            return false;
    }
    return value == f->record->count;
}

/* True when the template with the record's values in their places is the text, blanks and final dots aside. */
static inline bool template_gives_text(const struct template *t, const struct msgt_record *record, const uint8_t *text, size_t length)
{
    struct fitting f = {.template = t, .record = record, .text = text, .length = length};
    return t->list ? list_gives_text(&f) : fits_from(&f, 0, 0, 0);
}

#endif
