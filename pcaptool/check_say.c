/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers, times and names as the sentences of a finding have them. */
#include <math.h>
#include <stdlib.h>

#include "check.h"

static const char *keep(struct check *check, struct buffer *buffer)
{
    const char *kept = g_string_chunk_insert_len(check->strings, buffer->data ? buffer->data : "", (gssize)buffer->length);
    buffer_free(buffer);
    return kept;
}

const char *check_number(struct check *check, uint64_t number)
{
    struct buffer text = {0};
    buffer_grouped(&text, number);
    return keep(check, &text);
}

const char *check_decimal(struct check *check, double number, unsigned digits)
{
    struct buffer text = {0};
    char format[8] = "%.0f", octets[G_ASCII_DTOSTR_BUF_SIZE];
    format[2] = (char)('0' + MIN(digits, 9u));
    buffer_text(&text, g_ascii_formatd(octets, sizeof octets, format, number));
    return keep(check, &text);
}

void check_write_start(const struct check *check, struct buffer *out, int64_t time)
{
    view_within(check->view, out, time, check->first_time, check->now);
}

const char *check_start(struct check *check, int64_t time)
{
    struct buffer text = {0};
    check_write_start(check, &text, time);
    return keep(check, &text);
}

const char *check_period(struct check *check, int64_t from, int64_t to)
{
    const int64_t second = NANOSECONDS;
    struct buffer text = {0};
    bool ja = check->view->lang == MSGT_JA, one = to - from < second;
    buffer_text(&text, ja ? "" : one ? "at " : "from ");
    view_within(check->view, &text, from, from, to);
    if (!one) {
        buffer_text(&text, ja ? " から " : " to ");
        view_within(check->view, &text, to, from, to);
    }
    buffer_text(&text, ja ? (one ? " に" : " まで") : "");
    return keep(check, &text);
}

const char *check_range(struct check *check, uint64_t least, uint64_t most)
{
    struct buffer text = {0};
    buffer_grouped(&text, least);
    if (least < most) {
        buffer_text(&text, check->view->lang == MSGT_JA ? "～" : " to ");
        buffer_grouped(&text, most);
    }
    return keep(check, &text);
}

const char *check_duration(struct check *check, double seconds)
{
    struct buffer text = {0};
    if (seconds < 0.001)
        buffer_format(&text, "%.0f µs", seconds * 1e6);
    else if (seconds < 1)
        buffer_format(&text, "%.0f ms", seconds * 1e3);
    else if (seconds < 120)
        buffer_format(&text, "%.1f s", seconds);
    else
        sentence_span(&text, seconds, check->view->lang);
    return keep(check, &text);
}

const char *check_address(struct check *check, const struct address *address)
{
    struct buffer text = {0};
    buffer_address(&text, address->version, address->octets);
    return keep(check, &text);
}

const char *check_named(struct check *check, const char *name, const struct address *address)
{
    struct buffer text = {0};
    buffer_text(&text, name);
    buffer_text(&text, " (");
    buffer_address(&text, address->version, address->octets);
    buffer_char(&text, ')');
    return keep(check, &text);
}

const char *check_sender(struct check *check, const struct sender *sender)
{
    if (!sender->name)
        return check_address(check, &sender->address);
    return sender->namesake ? check_named(check, sender->name, &sender->address) : sender->name;
}

static const char *say_way(struct check *check, const char *from, const struct address *to, uint16_t port)
{
    struct buffer text = {0};
    buffer_text(&text, from);
    buffer_text(&text, to->version == 6 ? " → [" : " → ");
    buffer_address(&text, to->version, to->octets);
    buffer_format(&text, to->version == 6 ? "]:%u" : ":%u", port);
    return keep(check, &text);
}

const char *check_flow(struct check *check, const struct flow *flow)
{
    return say_way(check, check_sender(check, flow->sender), &flow->to, flow->port);
}

const char *check_series(struct check *check, const struct device *device, const struct series *series)
{
    const struct flow *flow = series->flow;
    bool senders = false, collectors = false;
    for (const struct series *other = device->series; other; other = other->next) {
        senders |= other->flow->sender != flow->sender;
        collectors |= other->flow->port != flow->port || !same_address(&other->flow->to, &flow->to);
    }
    const char *name = senders ? check_named(check, device->name, &flow->sender->address) : device->name;
    return collectors ? say_way(check, name, &flow->to, flow->port) : name;
}

const char *check_feed(struct check *check, const struct feed *feed)
{
    const struct device *device = feed->device;
    return device->feed_count > 1 ? say_way(check, device->name, &feed->to, feed->port) : device->name;
}

/* ---- Offsets of clocks ---- */

enum { QUARTER = 900, NEAR_ZONE = 20 };

/* Places whose clock goes that way, for people who do not count in minutes east. */
static const struct place {
    int minutes;
    const char *name;
} places[] = {
    {-480, "America/Los_Angeles"}, {-420, "America/Denver"}, {-360, "America/Chicago"}, {-300, "America/New_York"},
    {-180, "America/Sao_Paulo"},   {60, "Europe/Berlin"},    {120, "Europe/Athens"},    {180, "Europe/Moscow"},
    {240, "Asia/Dubai"},           {330, "Asia/Kolkata"},    {420, "Asia/Bangkok"},     {480, "Asia/Singapore"},
    {540, "Asia/Tokyo"},           {600, "Australia/Sydney"},
};

/* Offsets that some zone has, beside whole hours from -12 to +14. */
static const int odd_zones[] = {-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825};

bool check_is_zone(double offset)
{
    double quarters = round(offset / QUARTER);
    int minutes = fabs(quarters) < 100 ? (int)quarters * 15 : 0;
    if (fabs(offset - quarters * QUARTER) >= NEAR_ZONE)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(odd_zones); i++)
        if (odd_zones[i] == minutes)
            return true;
    return minutes != 0 && minutes % 60 == 0 && minutes >= -12 * 60 && minutes <= 14 * 60;
}

const char *check_offset(struct check *check, double offset)
{
    static sentence_text days = {"d", "日"};
    double size = fabs(offset);
    char sign = offset < -0.05 ? '-' : '+'; /* 0.0 s is no delay */
    unsigned minutes = (unsigned)round(size / QUARTER) * 15, seconds = (unsigned)round(size);
    struct buffer text = {0};
    if (size < 120)
        buffer_format(&text, "%c%.1f s", sign, size);
    else if (size >= 172800)
        buffer_format(&text, "%c%.0f %s", sign, size / 86400, days[check->view->lang]);
    else if (!check_is_zone(offset))
        buffer_format(&text, "%c%u:%02u:%02u h", sign, seconds / 3600, seconds / 60 % 60, seconds % 60);
    else if (minutes % 60)
        buffer_format(&text, "%c%u:%02u h", sign, minutes / 60, minutes % 60);
    else
        buffer_format(&text, "%c%u h", sign, minutes / 60);
    return keep(check, &text);
}

const char *check_zone(struct check *check, double offset)
{
    int minutes = (int)round(offset / QUARTER) * 15;
    struct buffer text = {0};
    buffer_format(&text, "UTC%+03d:%02d", minutes / 60, abs(minutes) % 60);
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        if (places[i].minutes == minutes)
            buffer_format(&text, check->view->lang == MSGT_JA ? " (%s など)" : " (such as %s)", places[i].name);
    return keep(check, &text);
}
