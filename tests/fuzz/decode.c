/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A datagram → every record in it: spans inside, values in order, names that exist. Allocates nothing. */
#include "fuzz.h"

#include "msgtable/msgtable.h"

static void check_span(struct msgt_span inner, struct msgt_span outer)
{
    if (inner.length == 0)
        return;
    CHECK(inner.offset >= outer.offset);
    CHECK((uint64_t)inner.offset + inner.length <= (uint64_t)outer.offset + outer.length);
}

static void check_time(const struct msgt_time *time)
{
    if (!time->valid)
        return;
    CHECK(time->month >= 1 && time->month <= 12 && time->day >= 1 && time->day <= 31);
    CHECK(time->hour < 24 && time->minute < 60 && time->second <= 60);
    CHECK(time->nanosecond < 1000000000 && time->digits <= 9);
    CHECK(!time->zone_known || (time->zone > -24 * 60 && time->zone < 24 * 60));
    if (time->year)
        CHECK(msgt_time_epoch(time, 0) != INT64_MIN);
}

static void check_header(const struct msgt_record *record)
{
    const struct msgt_span spans[] = {record->pri_span, record->timestamp,  record->hostname, record->tag,
                                      record->product,  record->class_word, record->sequence, record->message};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        check_span(spans[i], record->datagram);
    check_span(record->product, record->tag);
    check_span(record->class_word, record->tag);
    CHECK(record->pri >= -1 && record->pri <= 191);
    CHECK(record->severity >= -1 && record->severity <= 7);
    CHECK((record->tag.length > 0) == (record->severity >= 0));
    CHECK(record->findings >> MSGT_FINDINGS == 0);
    check_time(&record->time);
}

static void check_status(const struct msgt_table *table, const struct msgt_record *record)
{
    bool diverges = record->status == MSGT_PARTIAL || record->status == MSGT_TRUNCATED;
    CHECK(record->status < MSGT_STATUSES && *msgt_status_name(record->status));
    CHECK((record->status == MSGT_NO_TAG) == (record->tag.length == 0));
    CHECK((record->message_index >= 0) == (record->status <= MSGT_TRUNCATED));
    CHECK(record->diverges <= record->message.length);
    CHECK(record->expected);
    CHECK(!diverges || record->expected_length > 0 || record->diverges < record->message.length);
    fuzz_touch(record->expected, record->expected_length);
    if (record->message_index < 0) {
        CHECK(record->count == 0);
        return;
    }
    struct msgt_message message = msgt_message(table, (size_t)record->message_index, MSGT_JA);
    CHECK(message.id == record->id && message.id <= 999999);
    CHECK(record->template_index < message.templates);
}

static void check_value(const struct msgt_table *table, const struct msgt_record *record, const uint8_t *data, unsigned i)
{
    const struct msgt_value *value = &record->values[i];
    check_span((struct msgt_span){value->offset, value->length}, record->message);
    CHECK(i == 0 || value->offset >= record->values[i - 1].offset + record->values[i - 1].length);
    CHECK(value->field < msgt_field_count(table) && value->kind <= MSGT_KIND_IPV6);
    CHECK(value->kind == MSGT_KIND_TEXT || value->length > 0);
    const char *meaning = msgt_meaning(table, record, data, value, i % 2 ? MSGT_JA : MSGT_EN);
    CHECK(!meaning || *meaning);
}

static void check_groups(const struct msgt_table *table, const struct msgt_record *record, const uint8_t *data)
{
    for (unsigned i = 0; i < record->count; i++) {
        uint16_t members[MSGT_VALUES_MAX];
        size_t count = msgt_group_members(table, record, i, members);
        CHECK(count >= 1 && count <= record->count && members[0] == i);
        for (size_t k = 0; k < count; k++)
            CHECK(members[k] >= i && members[k] < record->count);
        char line[24];
        memset(line, 1, sizeof line);
        size_t room = i % 2 ? sizeof line : 1, length = msgt_group_text(table, record, data, i, line, room);
        CHECK(memchr(line, 0, room) && (length >= room || strlen(line) <= length));
    }
}

/* Where nothing stands does not matter. */
static bool same_span(struct msgt_span a, struct msgt_span b) { return a.length == b.length && (a.offset == b.offset || a.length == 0); }

static bool same_time(const struct msgt_time *a, const struct msgt_time *b)
{
    return a->valid == b->valid && a->zone_known == b->zone_known && a->zone == b->zone && a->year == b->year && a->month == b->month &&
           a->day == b->day && a->hour == b->hour && a->minute == b->minute && a->second == b->second && a->nanosecond == b->nanosecond &&
           a->digits == b->digits;
}

enum { SIBLING_MAX = 2048 };

/* What a datagram leaves in memory that has other digits wherever this one has some. */
static void remember_sibling(struct msgt_memory *memory, const uint8_t *data, size_t size, unsigned flags)
{
    static uint8_t sibling[SIBLING_MAX];
    memset(memory, 0, offsetof(struct msgt_memory, gaps)); /* none of them is known */
    memcpy(sibling, data, size);
    for (size_t i = 0; i < size; i++)
        sibling[i] ^= sibling[i] >= '0' && sibling[i] <= '9';
    for (size_t at = 0; at < size;) {
        struct msgt_record record;
        at = msgt_decode_with(&(struct msgt_hints){.memory = memory}, msgt_builtin(), sibling, size, at, flags, &record);
    }
}

static bool same_value(const struct msgt_value *a, const struct msgt_value *b)
{
    return a->offset == b->offset && a->length == b->length && a->field == b->field && a->kind == b->kind &&
           (a->kind != MSGT_KIND_NUMBER || a->as.number == b->as.number) && (a->kind != MSGT_KIND_IPV4 || memcmp(a->as.address, b->as.address, 4) == 0) &&
           (a->kind != MSGT_KIND_IPV6 || memcmp(a->as.address, b->as.address, 16) == 0);
}

static void check_same_fields(const struct msgt_record *a, const struct msgt_record *b)
{
    CHECK(a->status == b->status && a->count == b->count && a->message_index == b->message_index);
    CHECK(a->message_index < 0 || a->template_index == b->template_index);
    CHECK(a->diverges == b->diverges && a->repeat == b->repeat);
    for (unsigned i = 0; i < a->count; i++)
        CHECK(same_value(&a->values[i], &b->values[i]));
}

/* A message is read the same whatever was read before, and whatever is known of it. */
static void check_hints(const struct msgt_hints *hints, const uint8_t *data, size_t size, size_t at, unsigned flags, size_t next,
                        const struct msgt_record *record)
{
    struct msgt_record after;
    CHECK(msgt_decode_with(hints, msgt_builtin(), data, size, at, flags, &after) == next);
    CHECK(same_span(after.timestamp, record->timestamp) && same_span(after.hostname, record->hostname) && same_span(after.sequence, record->sequence));
    CHECK(same_span(after.tag, record->tag) && same_span(after.product, record->product) && same_span(after.class_word, record->class_word));
    CHECK(after.id == record->id && after.severity == record->severity && after.pri == record->pri);
    CHECK(same_span(after.message, record->message) && same_time(&after.time, &record->time) && after.findings == record->findings);
    check_same_fields(&after, record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct msgt_table *table = msgt_builtin();
    static struct msgt_memory memory;
    struct msgt_tag tag;
    bool tagged = msgt_has_tag(data, size), found = msgt_find_tag(data, size, &tag);
    unsigned flags = size % 2 ? MSGT_CUT : 0;
    size_t at = 0;
    CHECK(tagged == found);
    if (found)
        check_span(tag.span, (struct msgt_span){0, (uint32_t)size});
    bool remembers = size > 0 && size <= SIBLING_MAX && size % 4 == 0; /* one in four: it takes time */
    if (remembers)
        remember_sibling(&memory, data, size, flags);
    do {
        struct msgt_record record;
        size_t next = msgt_decode(table, data, size, at, flags, &record);
        if (remembers)
            check_hints(&(struct msgt_hints){&memory, found ? &tag : NULL}, data, size, at, flags, next, &record);
        CHECK(next <= size && (next > at || size == 0));
        CHECK(record.datagram.offset == at && record.datagram.length <= next - at);
        CHECK(record.count <= MSGT_VALUES_MAX);
        CHECK(at > 0 || record.tag.length == 0 || tagged);
        check_header(&record);
        check_status(table, &record);
        for (unsigned i = 0; i < record.count; i++)
            check_value(table, &record, data, i);
        check_groups(table, &record, data);
        at = next;
    } while (at < size);
    return 0;
}
