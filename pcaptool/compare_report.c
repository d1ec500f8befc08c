/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found, for people and for programs. */
#include "color.h"
#include "compare.h"
#include "json.h"
#include "sentence.h"
#include "sink.h"
#include "text.h"

enum { COLUMNS = 100, INDENT = 6, EXAMPLES = 10, WRITE_AT = 1 << 16 };

static const char *const sides[SIDES] = {"a-only", "b-only", "changed"};

/* The words of the report. */
static sentence_text all_there = {"Everything that left A arrived in B: {n} of {all}.", "A から出たものはすべて B に届いています: {all} 件中 {n} 件。"};
static sentence_text lost = {"{n} of {all} message{s} that left A never arrived in B", "A から出た {all} 件のうち {n} 件が B に届いていません"};
static sentence_text none_lost = {"All {all} message{s} that left A arrived in B", "A から出た {all} 件はすべて B に届いています"};
static sentence_text changed_too = {", {n} arrived changed", "。{n} 件は内容が変わって届きました"};
static sentence_text late_too = {", {n} out of order", "。{n} 件は順序が逆転しました"};
static sentence_text beyond = {" At least {n} of them {are} in B all the same, further away in time than the window of {window} s: a clock was set, or "
                            "they took that long. Try a larger --window.",
                            "届いていないもののうち少なくとも {n} 件は、時間枠の {window} 秒より離れた時刻で B にあります。時計が変更されたか、それだけ遅れて届いています。"
                            "--window を大きくしてください。"};
static sentence_text stop = {".", "。"};
static sentence_text nothing_b = {"There is no FTD or ASA syslog in B.", "B に FTD/ASA の syslog がありません。"};
static sentence_text nothing_common = {"A and B have no message in common: are they of the same time and the same devices?",
                                    "A と B に共通のメッセージがありません。同じ時間帯、同じデバイスのものか確認してください。"};
static sentence_text nothing_judged = {"Nothing that left A could be judged: A and B were not written at the same time.",
                                    "A から出たものは判定できません。A と B の時間が重なっていません。"};
static sentence_text not_asked_a = {"Nothing in A is what was asked for.", "A に指定に合うものがありません。"},
                  not_asked_b = {"Nothing in B is what was asked for.", "B に指定に合うものがありません。"};
static sentence_text nothing_a = {"There is no FTD or ASA syslog in A.", "A に FTD/ASA の syslog がありません。"};
static sentence_text counts_text = {"A: {a} message{s}. B: {b}. The same: {same}, changed: {changed}, only in A: {aonly}, only in B: {bonly}, "
                                 "duplicated: {dup}, reordered: {late}.",
                                 "A: {a} 件、B: {b} 件。同じ: {same}、変化: {changed}、A のみ: {aonly}、B のみ: {bonly}、重複: {dup}、順序の逆転: {late}。"};
static sentence_text copies_text = {" Copies of the same message in A were left out: {n}.", "A の中の同じメッセージの複製 {n} 件は除きました。"};
static sentence_text translated_text = {" {n} arrived with other addresses (NAT or a relay).", "{n} 件は別のアドレスで届きました (NAT または中継)。"};
static sentence_text outside_text = {" {n} {are} before or after the other side's time and {were} not judged.", "{n} 件はもう一方の時間帯の外にあり、判定していません。"};
static sentence_text evicted_text = {" {n} {were} given up before the window had passed, for want of room: narrow down with -f or --window.",
                                  "{n} 件は容量の都合で、時間枠が過ぎる前に照合を打ち切りました。-f か --window で絞ってください。"};
static sentence_text cut_text = {" {n} line{s} of B {are} longer than 262,144 octets; what follows that was not read.",
                              "B の {n} 行は 262,144 オクテットより長く、その先は読んでいません。"};
static sentence_text delay_text = {" Clocks and delay: B's clock and the shortest way together are {offset}; above that, the median delay is {median} and "
                                "95 % stay within {most}.",
                                "時計と遅延: B の時計のずれと最短の遅延の合計は {offset}。それを除いた遅延は中央値 {median}、95 % が {most} 以内。"};
static sentence_text drift_text = {" Clocks and delay: B's clock and the shortest way together go from {offset} to {to} in the course of time: a clock drifts or was "
                                "set, or the way became longer. Above that, the median delay is {median} and 95 % stay within {most}.",
                                "時計と遅延: B の時計のずれと最短の遅延の合計は、時間とともに {offset} から {to} の間で変化しています。時計がずれ続けているか、変更されたか、経路が長くなったと考えられます。"
                                "それを除いた遅延は中央値 {median}、95 % が {most} 以内。"};
static sentence_text cluster_text = {" (frame {frame}, {times})", "(最初はフレーム {frame}、{times})"};
static sentence_text range_text = {"{from} to {to}", "{from}～{to}"};
static sentence_text line_text = {" (first in line {frame})", "(最初は {frame} 行目)"};
static sentence_text unexplained_word = {"unexplained", "原因不明"};
static sentence_text examples_word = {"Examples:", "例:"};

/* A sentence with one number, when that is not zero. */
static void say_count(const struct compare *compare, struct buffer *out, sentence_text text, uint64_t count)
{
    char number[CAPTURE_GROUPED_SIZE];
    const char *const names[] = {"n", capture_grouped(count, number), NULL};
    if (count)
        sentence_put(out, text[compare->options->view.lang], names);
}

/* ---- One item ---- */

static void write_record(struct compare *compare, const struct item *item, bool json)
{
    struct datagram datagram = item_datagram(item);
    struct record record;
    record.view = &compare->options->view;
    record.memory = NULL;
    record.datagram = &datagram;
    msgt_decode(record.view->table, datagram.octets, datagram.length, 0, datagram.cut ? MSGT_CUT : 0, &record.message);
    compare->writer.buffer.length = 0;
    (json ? output_json_record : output_text_record)(&compare->writer, &record);
    struct buffer *line = &compare->writer.buffer;
    while (line->length && line->data[line->length - 1] == '\n')
        line->length--;
    buffer_octets(&compare->out, line->data, line->length);
}

/* A line of a log has no addresses and no time of capture. */
static void write_line(struct compare *compare, const struct item *item)
{
    struct buffer *out = &compare->out;
    buffer_text(out, "{\"file\":");
    json_string(out, item->file, strlen(item->file));
    json_key_uint(out, "line", item->frame);
    if (item->tagged)
        json_key_uint(out, "id", item->id);
    json_key_octets(out, "message", item->octets + item->text, item->text_length);
    buffer_char(out, '}');
}

static void write_json(struct compare *compare, enum compare_side side, const struct reason *reason, const struct item *a, const struct item *b)
{
    struct buffer *out = &compare->out;
    enum compare_cause cause = cause_by_now(compare, reason);
    buffer_text(out, "{\"side\":\"");
    buffer_text(out, sides[side]);
    buffer_text(out, "\",\"record\":");
    if (a || !b->log)
        write_record(compare, a ? a : b, true);
    else
        write_line(compare, b);
    if (a && b) {
        buffer_text(out, ",\"arrived\":");
        if (b->log)
            write_line(compare, b);
        else
            write_record(compare, b, true);
    }
    if (cause != CAUSE_NONE)
        json_key_text(out, "cause", cause_name(cause));
    if (reason->claim || reason->lasting == CAUSE_BURST)
        buffer_text(out, ",\"so_far\":true");
    buffer_text(out, "}\n");
    if (out->length >= WRITE_AT)
        sink_write(out);
}

static void write_cause(struct buffer *out, enum compare_cause cause) { text_padded(out, cause == CAUSE_NONE ? "-" : cause_name(cause), 14); }

static void write_example(struct compare *compare, enum compare_side side, const struct reason *reason, const struct item *a, const struct item *b)
{
    struct buffer *out = &compare->out;
    text_padded(out, sides[side], 9);
    g_array_append_vals(compare->examples, &(struct example){out->length, *reason}, 1);
    write_cause(out, cause_by_now(compare, reason));
    if (a || !b->log) {
        write_record(compare, a ? a : b, false);
    } else {
        buffer_format(out, compare->options->view.lang == MSGT_JA ? "%" G_GUINT64_FORMAT " 行目  " : "line %" G_GUINT64_FORMAT "  ", b->frame);
        text_safe(out, b->octets + b->text, MIN(b->text_length, 200u));
    }
    buffer_char(out, '\n');
}

/* Examples are written when they are met; what is told of them is decided at the end. */
static void correct_examples(struct compare *compare)
{
    struct buffer name = {0};
    for (guint i = 0; i < compare->examples->len; i++) {
        const struct example *example = &g_array_index(compare->examples, struct example, i);
        name.length = 0;
        write_cause(&name, cause_by_now(compare, &example->reason));
        memcpy(compare->out.data + example->at, name.data, name.length);
    }
    buffer_free(&name);
}

static void count_cause(struct cause_hit *hit, enum compare_cause cause, const struct item *a, const struct item *b)
{
    const struct item *at = a ? a : b;
    uint32_t length = cause == CAUSE_TRUNCATED ? b->wire : at->wire;
    if (hit->count++ == 0) {
        hit->first_frame = at->frame;
        hit->first_time = at->own_time;
        hit->least = hit->most = length;
    }
    hit->last_time = at->own_time;
    hit->least = MIN(hit->least, length);
    hit->most = MAX(hit->most, length);
}

void report_item(struct compare *compare, enum compare_side side, struct reason reason, const struct item *a, const struct item *b)
{
    uint64_t limit = compare->options->limit ? compare->options->limit : compare->json ? G_MAXUINT64 : EXAMPLES;
    if (side == SIDE_CHANGED)
        compare->totals.changed++;
    else if (reason.lasting == CAUSE_DUPLICATE)
        compare->totals.duplicated++;
    else
        compare->totals.only[side]++;
    if (reason.lasting != CAUSE_NONE || side == SIDE_A)
        count_cause(cause_counter(compare, &reason), reason.lasting, a, b);
    if (compare->shown++ >= limit || !sink_open())
        return;
    if (compare->json)
        write_json(compare, side, &reason, a, b);
    else
        write_example(compare, side, &reason, a, b);
}

/* ---- The end ---- */

static void end_json(struct compare *compare, bool damaged)
{
    const struct compare_totals *t = &compare->totals;
    const struct delays d = delay_measure(compare);
    const struct {
        const char *key;
        uint64_t count;
    } counts[] = {{"a", t->items[0]}, {"b", t->items[1]}, {"same", t->same}, {"changed", t->changed}, {"a_only", t->only[0]},
                  {"b_only", t->only[1]}, {"duplicated", t->duplicated}, {"reordered", t->reordered}, {"copies_in_a", t->copies},
                  {"translated", t->translated}, {"outside", t->outside}, {"evicted", t->evicted}, {"cut_lines", input_cut(compare->input[SIDE_B])}};
    struct buffer *out = &compare->out;
    buffer_text(out, "{\"verdict\":{\"found\":");
    buffer_text(out, compare_found(compare) ? "true" : "false");
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        json_key_uint(out, counts[i].key, counts[i].count);
    json_key(out, "causes");
    buffer_char(out, '{');
    for (int c = CAUSE_NONE + 1; c < CAUSES; c++)
        if (compare->causes[c].count)
            json_key_uint(out, cause_name((enum compare_cause)c), compare->causes[c].count);
    buffer_char(out, '}');
    if (d.known) {
        json_key_int(out, "clock_offset_ns", d.shortest);
        if (d.moved)
            json_key_int(out, "clock_offset_max_ns", d.longest_short);
        json_key_int(out, "delay_median_ns", d.median);
        json_key_int(out, "delay_p95_ns", d.most);
    }
    if (damaged)
        buffer_text(out, ",\"damaged\":true");
    json_key_uint(out, "unexplained", compare->causes[CAUSE_NONE].count);
    if (t->items[SIDE_A] && compare->last_met_a == 0)
        buffer_text(out, ",\"nothing_in_common\":true");
    if (t->beyond)
        json_key_uint(out, "beyond_window", t->beyond);
    buffer_text(out, "}}\n");
}

static void write_beyond(const struct compare *compare, struct buffer *out)
{
    char n[CAPTURE_GROUPED_SIZE], window[CAPTURE_GROUPED_SIZE];
    const char *const names[] = {"n", capture_grouped(compare->totals.beyond, n), "window",
                                 capture_grouped(compare->options->window, window), NULL};
    if (compare->totals.beyond)
        sentence_put(out, beyond[compare->options->view.lang], names);
}

static void write_sentence(const struct compare *compare, struct buffer *out)
{
    const struct compare_totals *t = &compare->totals;
    enum msgt_lang lang = compare->options->view.lang;
    char n[CAPTURE_GROUPED_SIZE], all[CAPTURE_GROUPED_SIZE];
    uint64_t judged = compare_judged(t);
    const char *const names[] = {"n", capture_grouped(t->only[SIDE_A] ? t->only[SIDE_A] : t->same, n), "all", capture_grouped(judged, all), NULL};
    if (t->items[0] == 0) {
        buffer_text(out, (compare_asked(compare, SIDE_A) ? not_asked_a : nothing_a)[lang]);
    } else if (compare->last_met_a == 0 && t->tagged[SIDE_B] == 0) {
        buffer_text(out, (compare_asked(compare, SIDE_B) ? not_asked_b : nothing_b)[lang]);
    } else if (compare->last_met_a == 0) {
        buffer_text(out, nothing_common[lang]);
    } else if (judged == 0) {
        buffer_text(out, nothing_judged[lang]);
    } else if (!compare_found(compare)) {
        sentence_put(out, all_there[lang], names);
    } else {
        sentence_put(out, (t->only[SIDE_A] ? lost : none_lost)[lang], names);
        say_count(compare, out, changed_too, t->changed);
        say_count(compare, out, late_too, t->reordered);
        buffer_text(out, stop[lang]);
        write_beyond(compare, out);
    }
}

static const char *duration(char text[48], int64_t nanoseconds, bool sign)
{
    double seconds = (double)nanoseconds / 1e9, size = seconds < 0 ? -seconds : seconds;
    const char *plus = sign && seconds >= 0 ? "+" : "";
    if (size < 0.001)
        g_snprintf(text, 48, "%s%.0f µs", plus, seconds * 1e6);
    else if (size < 1)
        g_snprintf(text, 48, "%s%.1f ms", plus, seconds * 1e3);
    else
        g_snprintf(text, 48, "%s%.3f s", plus, seconds);
    return text;
}

static void write_counts(struct compare *compare, struct buffer *out)
{
    const struct compare_totals *t = &compare->totals;
    enum msgt_lang lang = compare->options->view.lang;
    static const char *const keys[] = {"a", "b", "same", "changed", "aonly", "bonly", "dup", "late"};
    const uint64_t counts[] = {t->items[0], t->items[1], t->same, t->changed, t->only[0], t->only[1], t->duplicated, t->reordered};
    char numbers[G_N_ELEMENTS(keys)][CAPTURE_GROUPED_SIZE], text[4][48];
    const char *names[2 * G_N_ELEMENTS(keys) + 1] = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        names[2 * i] = keys[i];
        names[2 * i + 1] = capture_grouped(counts[i], numbers[i]);
    }
    sentence_put(out, counts_text[lang], names);
    say_count(compare, out, copies_text, t->copies);
    say_count(compare, out, translated_text, t->translated);
    say_count(compare, out, outside_text, t->outside);
    say_count(compare, out, evicted_text, t->evicted);
    say_count(compare, out, cut_text, input_cut(compare->input[SIDE_B]));
    const struct delays d = delay_measure(compare);
    const char *const times[] = {"offset", duration(text[0], d.shortest, true), "median", duration(text[1], d.median, false),
                                 "most",   duration(text[2], d.most, false),    "to",     duration(text[3], d.longest_short, true), NULL};
    if (d.known)
        sentence_put(out, (d.moved ? drift_text : delay_text)[lang], times);
}

static void write_wrapped(struct buffer *out, struct buffer *text, size_t indent)
{
    buffer_char(text, 0);
    for (size_t i = 0; i < indent; i++)
        buffer_char(out, ' ');
    text_wrapped(out, text->data, indent, COLUMNS);
    buffer_char(out, '\n');
    text->length = 0;
}

/* One of them where both are the same; to free. */
static char *range(enum msgt_lang lang, const char *from, const char *to)
{
    const char *const names[] = {"from", from, "to", to, NULL};
    return strcmp(from, to) == 0 ? g_strdup(from) : sentence_filled(range_text[lang], names);
}

static void write_cluster(struct compare *compare, struct buffer *out, enum compare_cause cause)
{
    const struct cause_hit *hit = &compare->causes[cause];
    enum msgt_lang lang = compare->options->view.lang;
    struct buffer from = {0}, to = {0}, text = {0};
    char n[CAPTURE_GROUPED_SIZE], frame[CAPTURE_GROUPED_SIZE], rows[CAPTURE_GROUPED_SIZE], least[16], most[16];
    view_within(&compare->options->view, &from, hit->first_time, hit->first_time, hit->last_time);
    view_within(&compare->options->view, &to, hit->last_time, hit->first_time, hit->last_time);
    buffer_char(&from, 0);
    buffer_char(&to, 0);
    g_snprintf(least, sizeof least, "%u", hit->least);
    g_snprintf(most, sizeof most, "%u", hit->most);
    char *times = range(lang, from.data, to.data), *lengths = range(lang, least, most);
    const char *const names[] = {"n", capture_grouped(hit->count, n), "frame", capture_grouped(hit->first_frame, frame), "times", times,
                                 "lengths", lengths, "rows", capture_grouped(compare->outages, rows), NULL};
    bool late = cause == CAUSE_DUPLICATE;
    color_on(out, compare->options->style.color, late ? 5 : 3);
    buffer_text(out, cause == CAUSE_NONE ? unexplained_word[lang] : cause_name(cause));
    color_off(out, compare->options->style.color, late ? 5 : 3);
    buffer_char(out, '\n');
    sentence_put(&text, cause_text(compare, cause), names);
    sentence_put(&text, (late && compare->log ? line_text : cluster_text)[lang], names);
    write_wrapped(out, &text, INDENT);
    buffer_text(&text, cause_advice(compare, cause));
    write_wrapped(out, &text, INDENT);
    buffer_char(out, '\n');
    g_free(times);
    g_free(lengths);
    buffer_free(&from);
    buffer_free(&to);
    buffer_free(&text);
}

static void end_text(struct compare *compare, bool damaged)
{
    enum msgt_lang lang = compare->options->view.lang;
    struct buffer out = {0}, text = {0};
    write_sentence(compare, &text);
    if (damaged)
        buffer_text(&text, sentence_damaged[lang]);
    write_wrapped(&out, &text, 0);
    buffer_char(&out, '\n');
    for (int c = CAUSE_NONE + 1; c <= CAUSES; c++) /* those without a cause last */
        if (compare->causes[c % CAUSES].count)
            write_cluster(compare, &out, (enum compare_cause)(c % CAUSES));
    write_counts(compare, &text);
    write_wrapped(&out, &text, 0);
    if (compare->out.length) {
        correct_examples(compare);
        buffer_format(&out, "\n%s\n", examples_word[lang]);
        buffer_octets(&out, compare->out.data, compare->out.length);
    }
    sink_write(&out);
    compare->out.length = 0;
    buffer_free(&out);
    buffer_free(&text);
}

void report_end(struct compare *compare, bool damaged)
{
    cause_conclude(compare);
    if (compare->json)
        end_json(compare, damaged);
    else
        end_text(compare, damaged);
}
