/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <stdio.h>

#include "color.h"
#include "commands.h"
#include "json.h"
#include "run.h"
#include "sentence.h"
#include "sink.h"
#include "tally.h"
#include "text.h"
#include "timeline.h"

/* What is counted; each is a section of the output. */
enum topic { BY_ID, BY_SEVERITY, BY_DEVICE, BY_STATUS, BY_FINDING, BY_USER, BY_ADDRESS, TOPICS };

static const struct topic_row {
    const char *heading[MSGT_LANGS], *key;
    size_t shown; /* in the text */
} topics[TOPICS] = {
    [BY_ID] = {{"Messages", "メッセージ"}, "ids", 20},
    [BY_SEVERITY] = {{"Severities", "重大度"}, "severities", 8},
    [BY_DEVICE] = {{"Devices", "デバイス"}, "devices", 10},
    [BY_STATUS] = {{"Status", "解析結果"}, "statuses", 8},
    [BY_FINDING] = {{"Findings", "所見"}, "findings", MSGT_FINDINGS},
    [BY_USER] = {{"Users", "ユーザ"}, "users", 10},
    [BY_ADDRESS] = {{"Addresses", "アドレス"}, "addresses", 10},
};

static sentence_text all_text = {"{n} message{s} of {more}{devices} device{s} in {frames} frame{s}\n",
                                 "{frames} フレームに、デバイス {devices} 台{more}からの {n} 件のメッセージ\n"};
static sentence_text more_than_text = {"more than ", "超"};
static sentence_text times_text = {"{from} to {to}, {span}", "{from} から {to} まで、{span}"};
static sentence_text average_text = {", {rate} a second on average", "、平均 {rate} 件/秒"};
static sentence_text peak_text = {", {peak} at most\n", "、最大 {peak} 件/秒\n"};
static sentence_text each_text = {"  each {span}\n", "  1 本 {span}\n"};
static sentence_text repeated_text = {"Repetition notes stand for {n} further message{s}.\n", "繰り返しの表記 (repeated N times など) は、さらに {n} 件のメッセージを表します。\n"};
static sentence_text shown_text = {" ({shown} of {n}{more})", " (全 {n} {more}のうち上位 {shown})"};
static sentence_text and_more_text = {" and more", "以上"};
static sentence_text others_text = {"(all others: more than there is room for)\n", "(その他すべて: 種類が多く保持しきれない分)\n"};

struct summary {
    struct options *options;
    struct tally tallies[TOPICS];
    uint64_t by_status[MSGT_STATUSES], by_severity[8], by_finding[MSGT_FINDINGS];
    uint64_t *by_message; /* those of the catalogue; all others are in the tally */
    size_t messages;
    struct timeline timeline;
    uint64_t repeated; /* messages that "repeated N times" stands for, beyond those seen */
    uint16_t user;     /* the field */
};

static void count_values(struct summary *s, const struct record *record)
{
    const struct msgt_record *m = &record->message;
    for (const struct msgt_value *value = m->values; value < m->values + m->count; value++) {
        enum topic topic = value->kind == MSGT_KIND_IPV4 || value->kind == MSGT_KIND_IPV6 ? BY_ADDRESS : BY_USER;
        if (topic == BY_USER ? value->field != s->user : record_no_address(value))
            continue;
        tally_add(&s->tallies[topic], record_octets(record, value->offset), value->length, 1);
    }
}

static bool take(const struct record *record, void *user)
{
    struct summary *s = user;
    const struct msgt_record *m = &record->message;
    if (m->message_index >= 0)
        s->by_message[m->message_index]++;
    else if (m->tag.length)
        tally_add(&s->tallies[BY_ID], &m->id, sizeof m->id, 1);
    if (m->severity >= 0)
        s->by_severity[m->severity]++;
    s->by_status[m->status]++;
    for (uint32_t left = m->findings; left; left &= left - 1)
        s->by_finding[__builtin_ctz(left)]++;
    struct scalar device;
    record_device(record, &device);
    if (device.kind == SCALAR_TEXT)
        tally_add(&s->tallies[BY_DEVICE], device.text, device.length, 1);
    count_values(s, record);
    if (m->repeat > 1)
        s->repeated += m->repeat - 1;
    if (record->datagram->precision)
        timeline_add(&s->timeline, record->datagram->seconds, record->datagram->nanoseconds);
    return true;
}

static void no_flush(void *user) { (void)user; }

/* The messages of the catalogue have room before all others. */
static void fill_ids(struct summary *s)
{
    struct tally unknown = s->tallies[BY_ID], *ids = &s->tallies[BY_ID];
    tally_init(ids);
    for (size_t i = 0; i < s->messages; i++)
        if (s->by_message[i]) {
            uint32_t id = msgt_message(s->options->view.table, i, MSGT_EN).id;
            tally_add(ids, &id, sizeof id, s->by_message[i]);
        }
    for (const struct tally_row *row = unknown.rows; row < unknown.rows + unknown.count; row++)
        tally_add(ids, row->key, row->length, row->count);
    ids->others += unknown.others;
    tally_clear(&unknown);
}

/* An IPv6 address may be written in several ways, and counts as one. */
static void join_addresses(struct summary *s)
{
    struct tally as_written = s->tallies[BY_ADDRESS], *addresses = &s->tallies[BY_ADDRESS];
    tally_init(addresses);
    for (const struct tally_row *row = as_written.rows; row < as_written.rows + as_written.count; row++) {
        uint8_t octets[16];
        char text[INET6_ADDRSTRLEN];
        const char *key = inet_pton(AF_INET6, row->key, octets) == 1 ? inet_ntop(AF_INET6, octets, text, sizeof text) : row->key;
        tally_add(addresses, key, key == row->key ? row->length : strlen(key), row->count);
    }
    addresses->others = as_written.others;
    tally_clear(&as_written);
}

/* The fixed sets join the others once the counting is done. */
static void fill_fixed(struct summary *s)
{
    for (unsigned i = 0; i < 8; i++)
        if (s->by_severity[i]) {
            const char *name = msgt_severity_name(i, MSGT_EN);
            tally_add(&s->tallies[BY_SEVERITY], name, strlen(name), s->by_severity[i]);
        }
    for (unsigned i = 0; i < MSGT_STATUSES; i++)
        if (s->by_status[i]) {
            const char *name = msgt_status_name((enum msgt_status)i);
            tally_add(&s->tallies[BY_STATUS], name, strlen(name), s->by_status[i]);
        }
}

static void fill_findings(struct summary *s)
{
    for (unsigned i = 0; i < MSGT_FINDINGS; i++) {
        struct msgt_finding_info info = msgt_finding((enum msgt_finding)i);
        if (s->by_finding[i] && !info.quiet)
            tally_add(&s->tallies[BY_FINDING], info.code, strlen(info.code), s->by_finding[i]);
    }
}

/* What the code of a finding means. */
static const char *meaning_of(const struct summary *s, const struct tally_row *row)
{
    for (unsigned i = 0; i < MSGT_FINDINGS; i++) {
        struct msgt_finding_info info = msgt_finding((enum msgt_finding)i);
        if (strlen(info.code) == row->length && memcmp(info.code, row->key, row->length) == 0)
            return info.title[s->options->view.lang];
    }
    return "";
}

static uint32_t id_of(const struct tally_row *row)
{
    uint32_t id;
    memcpy(&id, row->key, sizeof id);
    return id;
}

/* As the language has it that a row has by its English name. */
static const char *severity_of(const struct tally_row *row, enum msgt_lang lang)
{
    unsigned severity = 0;
    while (severity < 7 && strcmp(row->key, msgt_severity_name(severity, MSGT_EN)) != 0)
        severity++;
    return msgt_severity_name(severity, lang);
}

static const char *title_of(const struct summary *s, uint32_t id)
{
    int message = msgt_message_index(s->options->view.table, id);
    return message < 0 ? NULL : msgt_message(s->options->view.table, (size_t)message, s->options->view.lang).title;
}

/* ---- Text ---- */

static void write_count(struct buffer *out, uint64_t count)
{
    struct buffer number = {0};
    buffer_grouped(&number, count);
    buffer_fill(out, ' ', number.length < 12 ? 12 - number.length : 0);
    buffer_octets(out, number.data, number.length);
    buffer_free(&number);
    buffer_text(out, "  ");
}

static void write_row(const struct summary *s, struct buffer *out, enum topic topic, const struct tally_row *row)
{
    write_count(out, row->count);
    if (topic == BY_ID) {
        const char *title = title_of(s, id_of(row));
        buffer_format(out, "%06u  ", id_of(row));
        buffer_text(out, title ? title : msgt_no_title(MSGT_UNKNOWN_ID, s->options->view.lang));
    } else if (topic == BY_FINDING) {
        text_padded(out, row->key, 19);
        buffer_text(out, meaning_of(s, row));
    } else if (topic == BY_SEVERITY) {
        buffer_text(out, severity_of(row, s->options->view.lang));
    } else if (row->length == 0) {
        buffer_text(out, "\"\"");
    } else {
        text_safe(out, row->key, row->length);
    }
    buffer_char(out, '\n');
}

static void write_topic(const struct summary *s, struct buffer *out, enum topic topic)
{
    size_t count = s->tallies[topic].count, shown_count;
    enum msgt_lang lang = s->options->view.lang;
    const struct tally_row **rows = tally_first(&s->tallies[topic], topics[topic].shown, &shown_count);
    if (count) {
        buffer_char(out, '\n');
        color_on(out, s->options->style.color, COLOR_EMPHASIS);
        buffer_text(out, topics[topic].heading[lang]);
        color_off(out, s->options->style.color, COLOR_EMPHASIS);
        if (count > shown_count) {
            char shown[CAPTURE_GROUPED_SIZE], all[CAPTURE_GROUPED_SIZE];
            const char *const names[] = {"shown", capture_grouped(shown_count, shown), "n", capture_grouped(count, all),
                                         "more", s->tallies[topic].others ? and_more_text[lang] : "", NULL};
            sentence_put(out, shown_text[lang], names);
        }
        buffer_char(out, '\n');
    }
    for (size_t i = 0; i < shown_count; i++)
        write_row(s, out, topic, rows[i]);
    if (s->tallies[topic].others) {
        write_count(out, s->tallies[topic].others);
        buffer_text(out, others_text[lang]);
    }
    g_free(rows);
}

enum { SPAN_SIZE = 40, TIME_SIZE = 48 };

static const char *span_of(double seconds, enum msgt_lang lang, char text[SPAN_SIZE])
{
    struct buffer buffer = {0};
    sentence_span(&buffer, seconds, lang);
    g_snprintf(text, SPAN_SIZE, "%.*s", (int)buffer.length, buffer.data);
    buffer_free(&buffer);
    return text;
}

static const char *time_of(int64_t seconds, uint32_t nanoseconds, char text[TIME_SIZE])
{
    struct buffer buffer = {0};
    buffer_rfc3339(&buffer, seconds, nanoseconds, 0);
    g_snprintf(text, TIME_SIZE, "%.*s", (int)buffer.length, buffer.data);
    buffer_free(&buffer);
    return text;
}

static void write_bars(const struct timeline *timeline, enum msgt_lang lang, struct buffer *out)
{
    struct timeline_bars bars;
    char span[SPAN_SIZE];
    timeline_bars(timeline, &bars);
    if (bars.count < 2)
        return;
    buffer_text(out, "\n  ");
    timeline_draw(&bars, out);
    sentence_put(out, each_text[lang], (const char *const[]){"span", span_of((double)bars.each, lang, span), NULL});
}

static void write_times(const struct summary *s, uint64_t records, struct buffer *out)
{
    const struct timeline *t = &s->timeline;
    enum msgt_lang lang = s->options->view.lang;
    double span = timeline_span(t);
    char from[TIME_SIZE], to[TIME_SIZE], length[SPAN_SIZE], rate[G_ASCII_DTOSTR_BUF_SIZE], peak[CAPTURE_GROUPED_SIZE];
    g_ascii_formatd(rate, sizeof rate, "%.1f", span > 0 ? (double)records / span : 0);
    const char *const names[] = {"from", time_of(t->first_seconds, t->first_nanoseconds, from),
                                 "to",   time_of(t->last_seconds, t->last_nanoseconds, to),
                                 "span", span_of(span, lang, length),
                                 "rate", rate,
                                 "peak", capture_grouped(t->peak, peak),
                                 NULL};
    sentence_put(out, times_text[lang], names);
    if (span > 0)
        sentence_put(out, average_text[lang], names);
    sentence_put(out, peak_text[lang], names);
    write_bars(t, lang, out);
}

static void write_text(const struct summary *s, const struct run *run, struct buffer *out)
{
    enum msgt_lang lang = s->options->view.lang;
    const struct tally *by_device = &s->tallies[BY_DEVICE];
    char records[CAPTURE_GROUPED_SIZE], devices[CAPTURE_GROUPED_SIZE], frames[CAPTURE_GROUPED_SIZE], repeated[CAPTURE_GROUPED_SIZE];
    const char *const names[] = {"n",       capture_grouped(run->records, records),
                                 "devices", capture_grouped(by_device->count, devices),
                                 "frames",  capture_grouped(run->facts.frames, frames),
                                 "more",    by_device->others ? more_than_text[lang] : "",
                                 NULL};
    sentence_put(out, all_text[lang], names);
    if (s->timeline.any)
        write_times(s, run->records, out);
    if (s->repeated)
        sentence_put(out, repeated_text[lang], (const char *const[]){"n", capture_grouped(s->repeated, repeated), NULL});
    for (int topic = 0; topic < TOPICS; topic++)
        write_topic(s, out, (enum topic)topic);
}

/* ---- JSON ---- */

static void write_json_topic(const struct summary *s, struct buffer *out, enum topic topic)
{
    size_t count;
    const struct tally_row **rows = tally_first(&s->tallies[topic], SIZE_MAX, &count);
    json_key(out, topics[topic].key);
    buffer_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_separate(out);
        buffer_char(out, '{');
        if (topic == BY_ID) {
            const char *title = title_of(s, id_of(rows[i]));
            json_key_uint(out, "id", id_of(rows[i]));
            if (title)
                json_key_text(out, "title", title);
        } else {
            json_key_octets(out, "name", rows[i]->key, rows[i]->length);
        }
        json_key_uint(out, "count", rows[i]->count);
        buffer_char(out, '}');
    }
    buffer_char(out, ']');
    g_free(rows);
}

/* Messages over time, the same parts as in text. */
static void write_json_bars(const struct timeline *timeline, struct buffer *out)
{
    struct timeline_bars bars;
    struct buffer from = {0};
    timeline_bars(timeline, &bars);
    if (bars.count == 0)
        return;
    buffer_rfc3339(&from, bars.from, 0, 0);
    json_key(out, "over_time");
    buffer_char(out, '{');
    json_key_octets(out, "from", from.data, from.length);
    json_key_uint(out, "seconds", (uint64_t)bars.each);
    json_key(out, "messages");
    buffer_char(out, '[');
    for (unsigned i = 0; i < bars.count; i++) {
        json_separate(out);
        buffer_uint(out, bars.messages[i]);
    }
    buffer_text(out, "]}");
    buffer_free(&from);
}

/* Counts of what had no room in a topic's list, if anything. */
static void write_json_others(const struct summary *s, struct buffer *out)
{
    uint64_t all = 0;
    for (int topic = 0; topic < TOPICS; topic++)
        all += s->tallies[topic].others;
    if (all == 0)
        return;
    json_key(out, "others");
    buffer_char(out, '{');
    for (int topic = 0; topic < TOPICS; topic++)
        if (s->tallies[topic].others)
            json_key_uint(out, topics[topic].key, s->tallies[topic].others);
    buffer_char(out, '}');
}

static void write_json(const struct summary *s, const struct run *run, struct buffer *out)
{
    const struct timeline *t = &s->timeline;
    double span = timeline_span(t);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    buffer_char(out, '{');
    json_key_uint(out, "messages", run->records);
    json_key_uint(out, "frames", run->facts.frames);
    if (t->any) {
        struct buffer time = {0};
        buffer_rfc3339(&time, t->first_seconds, t->first_nanoseconds, 6);
        json_key_octets(out, "first_time", time.data, time.length);
        time.length = 0;
        buffer_rfc3339(&time, t->last_seconds, t->last_nanoseconds, 6);
        json_key_octets(out, "last_time", time.data, time.length);
        buffer_free(&time);
        json_key(out, "seconds");
        buffer_text(out, g_ascii_formatd(number, sizeof number, "%.6f", span));
        json_key(out, "per_second");
        buffer_text(out, g_ascii_formatd(number, sizeof number, "%.3f", span > 0 ? (double)run->records / span : 0));
        json_key_uint(out, "peak_per_second", t->peak);
    }
    json_key_uint(out, "repeated", s->repeated);
    for (int topic = 0; topic < TOPICS; topic++)
        write_json_topic(s, out, (enum topic)topic);
    write_json_bars(t, out);
    write_json_others(s, out);
    buffer_text(out, "}\n");
}

int cmd_summary(struct options *options)
{
    struct summary *s = g_new0(struct summary, 1);
    struct buffer out = {0};
    struct run run;
    s->options = options;
    s->user = msgt_field_index(options->view.table, "user");
    s->messages = msgt_message_count(options->view.table);
    s->by_message = g_new0(uint64_t, s->messages);
    for (int topic = 0; topic < TOPICS; topic++)
        tally_init(&s->tallies[topic]);
    int status = run_inputs(options, take, no_flush, s, &run);
    fill_ids(s);
    join_addresses(s);
    fill_fixed(s);
    fill_findings(s);
    if (strcmp(options->format->name, "json") == 0)
        write_json(s, &run, &out);
    else if (run.records)
        write_text(s, &run, &out);
    sink_write(&out);
    if (run.records == 0)
        run_explain_nothing(options, &run, status);
    for (int topic = 0; topic < TOPICS; topic++)
        tally_clear(&s->tallies[topic]);
    buffer_free(&out);
    g_free(s->by_message);
    g_free(s);
    return status;
}
