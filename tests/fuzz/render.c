/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that one version of the decoder says of a datagram, as text. Compiled against that version; see "differential". */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "msgtable/msgtable.h"

struct text {
    char *at, *end;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text->at, (size_t)(text->end - text->at), format, arguments);
    va_end(arguments);
    text->at += n < text->end - text->at ? n : text->end - text->at - 1;
}

static void put_span(struct text *text, const char *name, struct msgt_span span)
{
    if (span.length)
        put(text, " %s=%u+%u", name, span.offset, span.length);
}

static void put_header(struct text *text, const struct msgt_record *r)
{
    put(text, "pri=%d severity=%d emblem=%d id=%u repeat=%u findings=%x", r->pri, r->severity, r->emblem, r->id, r->repeat, r->findings);
    put_span(text, "pri", r->pri_span);
    put_span(text, "timestamp", r->timestamp);
    put_span(text, "hostname", r->hostname);
    put_span(text, "tag", r->tag);
    put_span(text, "product", r->product);
    put_span(text, "class", r->class_word);
    put_span(text, "sequence", r->sequence);
    put_span(text, "message", r->message);
    put_span(text, "datagram", r->datagram);
    if (r->time.valid)
        put(text, " time=%u-%u-%u %u:%u:%u.%09u/%u zone=%d:%d", r->time.year, r->time.month, r->time.day, r->time.hour, r->time.minute,
            r->time.second, r->time.nanosecond, r->time.digits, r->time.zone_known, r->time.zone_known ? r->time.zone : 0);
    put(text, "\n");
}

static void put_value(struct text *text, const struct msgt_table *table, const struct msgt_record *r, const uint8_t *data, unsigned i)
{
    const struct msgt_value *v = &r->values[i];
    const char *meaning = msgt_meaning(table, r, data, v, MSGT_EN);
    uint16_t members[MSGT_VALUES_MAX];
    char group[128];
    size_t count = msgt_group_members(table, r, i, members), octets = v->kind == MSGT_KIND_IPV4 ? 4 : 16;
    put(text, "  %s %u+%u kind=%u", msgt_field(table, v->field, MSGT_EN).name, v->offset, v->length, v->kind);
    if (v->kind == MSGT_KIND_NUMBER)
        put(text, " %lld", (long long)v->as.number);
    for (size_t k = 0; v->kind >= MSGT_KIND_IPV4 && k < octets; k++)
        put(text, " %02x", v->as.address[k]);
    if (meaning)
        put(text, " (%s)", meaning);
    if (count > 1) {
        msgt_group_text(table, r, data, i, group, sizeof group);
        put(text, " group of %zu: %s", count, group);
    }
    put(text, "\n");
}

/* Without the marks of the pattern, which only some versions leave in. */
static void put_expected(struct text *text, const struct msgt_record *r)
{
    uint32_t from = 0, to;
    while (from < r->expected_length && (uint8_t)r->expected[from] < ' ')
        from++;
    for (to = from; to < r->expected_length && (uint8_t)r->expected[to] >= ' ';)
        to++;
    put(text, " diverges=%u expected%s \"%.*s\"", r->diverges, r->expected_field ? " field" : "", (int)(to - from), r->expected + from);
}

static void put_body(struct text *text, const struct msgt_table *table, const struct msgt_record *r, const uint8_t *data)
{
    put(text, " status=%s index=%d template=%u count=%u", msgt_status_name(r->status), r->message_index, r->template_index, r->count);
    if (r->status == MSGT_PARTIAL || r->status == MSGT_TRUNCATED)
        put_expected(text, r);
    put(text, "\n");
    for (unsigned i = 0; i < r->count; i++)
        put_value(text, table, r, data, i);
}

/* Returns the length of the text. */
__attribute__((visibility("default"))) size_t render(const uint8_t *data, size_t length, unsigned flags, char *out, size_t size);

size_t render(const uint8_t *data, size_t length, unsigned flags, char *out, size_t size)
{
    const struct msgt_table *table = msgt_builtin();
    struct text text = {out, out + size};
    size_t at = 0;
    put(&text, "tagged=%d\n", msgt_has_tag(data, length));
    do {
        struct msgt_record record;
        at = msgt_decode(table, data, length, at, flags, &record);
        put_header(&text, &record);
        put_body(&text, table, &record, data);
    } while (at < length && text.end - text.at > 1);
    return (size_t)(text.at - out);
}
