/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Properties of the whole catalogue: random values rendered into every template come back as they were, and whatever text is
 * decoded as whole is its template with the record's values in their places.
 *
 * A template alone does not say where a free text ends, so the values keep to these rules:
 *   - no octet of a value is one that the text behind it may start with, and where that text starts with a blank no word of the
 *     value starts as the text behind that blank does;
 *   - no value starts with an opening delimiter that may stand in front of it, or holds the closing one;
 *   - no value starts with an octet that could belong to a number or an optional piece in front of it;
 *   - no host name holds a hyphen, which between two addresses is that of a range;
 *   - no name starts with a digit: alone in parentheses it may be a tag.
 * Optional pieces that are a lone delimiter come in pairs and not around another pair of the same delimiters; of those side by side that
 * start alike at most one is there.
 * A text may still be one of an earlier template of its message, with a wider field; then that reading must give the text back.
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "template_text.h"

enum { ROUNDS = 200, ROUNDS_FOR_OWN = 10000, TEXT_MAX = 8192 };

static uint64_t seed = 20201030;

static uint32_t below(uint32_t limit)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % limit;
}

struct expected {
    uint16_t field;
    size_t offset, length;
};

struct rendering {
    const struct msgt_table *table;
    struct template template;
    char text[TEXT_MAX];
    size_t length;
    struct expected values[MSGT_VALUES_MAX];
    unsigned count;
    bool skip_pieces; /* this text has none of the optional pieces */
    struct {
        unsigned end;  /* of the last piece */
        uint8_t first; /* its first octet */
        bool taken;    /* one of the row */
    } row; /* pieces side by side that start alike: no device sends two of them */
    uint8_t inside;   /* the optional delimiter that is open, or 0 */
};

static void write_octet(struct rendering *r, uint8_t octet)
{
    assert_true(r->length < sizeof r->text);
    r->text[r->length++] = (char)octet;
}

static void write_octets(struct rendering *r, const char *octets, size_t length)
{
    for (size_t i = 0; i < length; i++)
        write_octet(r, (uint8_t)octets[i]);
}

/* ---- What may follow a field ---- */

/* First octets of what stands behind a field, directly or behind a blank. */
struct follow {
    bool direct[256], behind_blank[256];
    bool bare_blank; /* a blank is all that parts it from the next field */
};

static void follow_from(const struct template *t, unsigned index, bool blank, bool may_blank, struct follow *f)
{
    for (;; index++) {
        const struct element *e = &t->elements[index];
        switch (e->kind) {
        case ELEMENT_BLANK:
            blank = true;
            continue;
        case ELEMENT_MAY_BLANK:
            may_blank = true;
            continue;
        case ELEMENT_PIECE:
            follow_from(t, e->end, blank, may_blank, f);
            continue;
        case ELEMENT_OCTET:
            (blank ? f->behind_blank : f->direct)[e->octet] = true;
            f->behind_blank[e->octet] |= may_blank;
            return;
        case ELEMENT_WORDS:
            for (unsigned i = 0; i < e->choices; i++) {
                uint8_t first = (uint8_t)t->octets[e->choice[i].from];
                (blank ? f->behind_blank : f->direct)[first] = true;
                f->behind_blank[first] |= may_blank;
            }
            return;
        case ELEMENT_FIELD:
            f->bare_blank |= blank;
            if (e->open)
                (blank ? f->behind_blank : f->direct)[e->open] = true;
            return;
        case ELEMENT_END:
            f->direct['.'] = true;
            return;
        }
    }
}

/* ---- Values ---- */

struct value_text {
    char octets[256];
    size_t length;
};

static void add(struct value_text *v, uint8_t octet)
{
    assert_true(v->length < sizeof v->octets);
    v->octets[v->length++] = (char)octet;
}

static void add_digits(struct value_text *v, unsigned count, const char *digits)
{
    for (size_t i = 0; i < count; i++)
        add(v, (uint8_t)digits[below((uint32_t)strlen(digits))]);
}

static bool word_octet(const struct follow *f, const struct element *e, uint8_t octet, bool starts_word)
{
    bool quoting = octet == e->open || octet == e->close;
    return octet > ' ' && octet < 0x7f && !quoting && !f->direct[octet] && !(starts_word && f->behind_blank[octet]);
}

static void add_word(struct value_text *v, const struct follow *f, const struct element *e, bool name)
{
    unsigned length = 1 + below(9);
    for (unsigned i = 0; i < length; i++) {
        uint8_t octet;
        do
            octet = (uint8_t)(below(3) ? 'a' + below(26) : '!' + below(94));
        while (!word_octet(f, e, octet, i == 0) || (name && (strchr("/(),", octet) || (i == 0 && is_digit(octet)))));
        add(v, octet);
    }
    if (below(8) == 0) {
        add(v, 0xc3);
        add(v, 0xa9); /* é */
    }
}

static void make_free(struct value_text *v, const struct follow *f, const struct element *e, enum msgt_type type)
{
    unsigned words = type == MSGT_WORD || f->bare_blank ? 1 : 1 + below(4);
    for (unsigned i = 0; i < words; i++) {
        if (i > 0)
            add(v, ' ');
        add_word(v, f, e, type == MSGT_NAME);
    }
}

static void make_address(struct value_text *v, bool numeric)
{
    static const char *const words[] = {"x.x.x.x", "UNKNOWN", "gateway.example.com", "fw1_a", "255.255.255.0", "0.0.0.0", "::", "::1"};
    uint8_t octets[16];
    char text[INET6_ADDRSTRLEN];
    uint32_t kind = numeric ? 1 + below(3) : below(4);
    for (unsigned i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(below(3) ? below(256) : 0);
    if (kind == 0)
        snprintf(text, sizeof text, "%s", words[below(sizeof words / sizeof *words)]);
    else
        assert_non_null(inet_ntop(kind == 1 ? AF_INET6 : AF_INET, octets, text, sizeof text));
    for (const char *at = text; *at; at++)
        add(v, (uint8_t)*at);
}

static void make_mac(struct value_text *v)
{
    static const struct {
        char mark;
        unsigned group;
    } forms[] = {{':', 2}, {'-', 2}, {'.', 4}};
    uint32_t form = below(3);
    for (unsigned i = 0; i < 12; i++) {
        if (i > 0 && i % forms[form].group == 0)
            add(v, (uint8_t)forms[form].mark);
        add_digits(v, 1, "0123456789abcdefABCDEF");
    }
}

static void make_value(struct value_text *v, const struct follow *f, const struct element *e, enum msgt_type type)
{
    char port[8];
    v->length = 0;
    switch (type) {
    case MSGT_INT:
        if (below(2))
            add(v, below(2) ? (uint8_t)'+' : (uint8_t)'-');
        add_digits(v, 1 + below(24), "0123456789");
        return;
    case MSGT_COUNT:
        add_digits(v, 1 + below(24), "0123456789");
        return;
    case MSGT_PORT:
        snprintf(port, sizeof port, "%u", (unsigned)below(65536));
        for (const char *at = port; *at; at++)
            add(v, (uint8_t)*at);
        return;
    case MSGT_HEX:
        if (below(2)) {
            add(v, '0');
            add(v, below(2) ? (uint8_t)'x' : (uint8_t)'X');
        }
        add_digits(v, 1 + below(32), "0123456789abcdefABCDEF");
        return;
    case MSGT_DECIMAL:
        if (below(4) == 0)
            add(v, '-');
        add_digits(v, 1 + below(6), "0123456789");
        if (below(2)) {
            add(v, '.');
            add_digits(v, 1 + below(4), "0123456789");
        }
        return;
    case MSGT_IP:
        make_address(v, e->numeric);
        return;
    case MSGT_MAC:
        make_mac(v);
        return;
    default:
        make_free(v, f, e, type);
    }
}

/* The optional piece that ends in front of the element at INDEX, or -1. */
static int piece_before(const struct template *t, unsigned index)
{
    for (unsigned i = index; i-- > 0;)
        if (t->elements[i].kind == ELEMENT_PIECE && t->elements[i].end == index)
            return (int)i;
    return -1;
}

/* True when the octet could also be of what stands in front of the element: an optional piece, or a number that touches it. */
static bool belongs_in_front(const struct template *t, unsigned index, uint8_t octet)
{
    bool blank = false; /* it parts numbers */
    while (index > 0) {
        enum element_kind kind = t->elements[index - 1].kind;
        int piece = piece_before(t, index);
        if (piece >= 0) {
            while (--index > (unsigned)piece)
                if (t->elements[index].octet == octet)
                    return true;
        } else if (kind == ELEMENT_BLANK || kind == ELEMENT_MAY_BLANK) {
            blank |= kind == ELEMENT_BLANK;
            index--;
        } else {
            return kind == ELEMENT_FIELD && !blank && (is_xdigit(octet) || octet == '.');
        }
    }
    return false;
}

static void render_field(struct rendering *r, unsigned index)
{
    const struct element *e = &r->template.elements[index];
    struct follow f = {.bare_blank = false};
    struct value_text v;
    follow_from(&r->template, index + 1, false, false, &f);
    do
        make_value(&v, &f, e, msgt_field(r->table, e->field, MSGT_EN).type);
    while (belongs_in_front(&r->template, index, (uint8_t)v.octets[0]));
    bool quoted = e->open && e->open != r->inside && below(4) > 0;
    if (quoted)
        write_octet(r, e->open);
    assert_true(r->count < MSGT_VALUES_MAX);
    r->values[r->count++] = (struct expected){e->field, r->length, v.length};
    write_octets(r, v.octets, v.length);
    if (quoted)
        write_octet(r, e->close);
}

static void render_words(struct rendering *r, const struct element *e)
{
    const struct choice *choice = &e->choice[below(e->choices)];
    if (e->field != MSGT_NONE) {
        assert_true(r->count < MSGT_VALUES_MAX);
        r->values[r->count++] = (struct expected){e->field, r->length, choice->length};
    }
    write_octets(r, r->template.octets + choice->from, choice->length);
}

/* Of several dots behind a value all but one are its own. */
static bool ends_in_value(const struct rendering *r)
{
    if (r->count == 0)
        return false;
    const struct expected *last = &r->values[r->count - 1];
    return last->offset + last->length == r->length;
}

static bool likes_piece(struct rendering *r, unsigned index)
{
    const struct element *e = &r->template.elements[index], *first = e + 1;
    bool lone = e->end == index + 2 && first->kind == ELEMENT_OCTET;
    if (lone && first->octet == '>') {
        bool closes = r->inside == '<';
        r->inside = 0;
        return closes;
    }
    bool taken = !r->skip_pieces && below(2);
    if (lone && first->octet == '<')
        r->inside = taken ? '<' : 0;
    return taken;
}

static uint8_t first_octet_of(const struct template *t, unsigned piece)
{
    unsigned i = piece + 1;
    while (i < t->elements[piece].end && t->elements[i].kind != ELEMENT_OCTET)
        i++;
    return i < t->elements[piece].end ? t->elements[i].octet : 0;
}

/* Decides on the optional piece at INDEX. */
static bool takes_piece(struct rendering *r, unsigned index)
{
    uint8_t octet = first_octet_of(&r->template, index);
    bool another = r->row.end == index && r->row.first == octet, refused = another && r->row.taken;
    r->row.end = r->template.elements[index].end;
    r->row.first = octet;
    bool taken = !refused && likes_piece(r, index);
    r->row.taken = taken || (another && r->row.taken);
    return taken;
}

/* Some of the pairs, in an order of their own. */
static void render_list(struct rendering *r)
{
    unsigned pairs = 1 + below(20), fields = 0;
    for (unsigned i = 0; i < r->template.count; i++)
        fields += r->template.elements[i].kind == ELEMENT_FIELD;
    for (unsigned n = 0; n < pairs; n++) {
        unsigned key, field = list_pair(&r->template, 0, &key);
        for (uint32_t chosen = below(fields - 1); chosen > 0; chosen--) /* the last has no key */
            field = list_pair(&r->template, field + 1, &key);
        write_octets(r, ", ", n ? 2 : 0);
        for (; key < field; key++)
            write_octet(r, r->template.elements[key].kind == ELEMENT_BLANK ? ' ' : r->template.elements[key].octet);
        render_field(r, field);
    }
}

static void render(struct rendering *r)
{
    r->length = r->count = r->row.end = 0;
    r->inside = 0;
    if (r->template.list) {
        render_list(r);
        return;
    }
    for (unsigned i = 0; i < r->template.count; i++) {
        const struct element *e = &r->template.elements[i];
        switch (e->kind) {
        case ELEMENT_OCTET:
            write_octet(r, e->octet);
            break;
        case ELEMENT_BLANK:
            write_octets(r, "   ", below(8) ? 1 : 1 + below(3));
            break;
        case ELEMENT_MAY_BLANK:
            write_octets(r, " ", below(2));
            break;
        case ELEMENT_WORDS:
            render_words(r, e);
            break;
        case ELEMENT_FIELD:
            render_field(r, i);
            break;
        case ELEMENT_PIECE:
            if (!takes_piece(r, i))
                i = e->end - 1u;
            break;
        case ELEMENT_END:
            write_octets(r, "..", below(ends_in_value(r) ? 2 : 3));
            break;
        }
    }
}

/* ---- The properties ---- */

static void expect_gives_text_back(const struct msgt_table *table, const struct msgt_record *record, const uint8_t *text, size_t length)
{
    static struct template t;
    read_template(table, msgt_template(table, (size_t)record->message_index, record->template_index), &t);
    if (!template_gives_text(&t, record, text, length))
        fail_msg("%u: template %u with its values does not give \"%.*s\" back", record->id, record->template_index, (int)length, text);
}

static bool same_values(const struct rendering *r, const struct msgt_record *record)
{
    if (record->count != r->count)
        return false;
    for (unsigned i = 0; i < r->count; i++) {
        const struct msgt_value *value = &record->values[i];
        if (value->field != r->values[i].field || value->offset != r->values[i].offset || value->length != r->values[i].length)
            return false;
    }
    return true;
}

static void complain(const struct rendering *r, uint32_t id, unsigned template, const struct msgt_record *record)
{
    print_error("%u template %u: \"%.*s\" is %s by template %u\n", id, template, (int)r->length, r->text, msgt_status_name(record->status),
                record->template_index);
    for (unsigned i = 0; i < r->count || i < record->count; i++) {
        if (i < r->count)
            print_error("  wrote %s \"%.*s\"", msgt_field(r->table, r->values[i].field, MSGT_EN).name, (int)r->values[i].length,
                        r->text + r->values[i].offset);
        if (i < record->count)
            print_error("  read %s \"%.*s\"", msgt_field(r->table, record->values[i].field, MSGT_EN).name, (int)record->values[i].length,
                        r->text + record->values[i].offset);
        print_error("\n");
    }
}

/* A round of template N; *OWN counts those that N itself read. */
static bool check_round(struct rendering *r, size_t message, unsigned n, unsigned *own)
{
    struct msgt_record record;
    uint32_t id = msgt_message(r->table, message, MSGT_EN).id;
    render(r);
    uint8_t *copy = exactly(r->text, r->length);
    msgt_decode_text(r->table, id, copy, r->length, 0, &record);
    bool good = record.status == MSGT_OK && (record.template_index < n || same_values(r, &record));
    *own += record.template_index == n;
    if (good)
        expect_gives_text_back(r->table, &record, copy, r->length);
    else
        complain(r, id, n, &record);
    free(copy);
    return good;
}

static void random_values_come_back(void **state)
{
    (void)state;
    static struct rendering r;
    unsigned wrong = 0;
    r.table = msgt_builtin();
    for (size_t i = 0; i < msgt_message_count(r.table); i++) {
        struct msgt_message m = msgt_message(r.table, i, MSGT_EN);
        for (unsigned n = 0; n < m.templates; n++) {
            read_template(r.table, msgt_template(r.table, i, n), &r.template);
            unsigned own = 0;
            for (unsigned round = 0; round < ROUNDS || (own == 0 && round < ROUNDS_FOR_OWN); round++) {
                r.skip_pieces = round == 0;
                wrong += !check_round(&r, i, n, &own);
            }
            if (own == 0)
                fail_msg("%u: an earlier template reads all that template %u gives", m.id, n);
        }
    }
    assert_int_equal(wrong, 0);
}

static void every_example_is_given_back(void **state)
{
    (void)state;
    const struct msgt_table *table = msgt_builtin();
    struct msgt_record record;
    for (size_t i = 0; i < msgt_message_count(table); i++) {
        struct msgt_message m = msgt_message(table, i, MSGT_EN);
        for (unsigned n = 0; n < m.examples; n++) {
            const char *text = msgt_example(table, i, n);
            uint8_t *copy = exactly(text, strlen(text));
            msgt_decode_text(table, m.id, copy, strlen(text), 0, &record);
            assert_int_equal(record.status, MSGT_OK);
            expect_gives_text_back(table, &record, copy, strlen(text));
            free(copy);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_is_given_back),
        cmocka_unit_test(random_values_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
