/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The findings for people and for programs. */
#include "check.h"
#include "color.h"
#include "json.h"
#include "text.h"

enum { COLUMNS = 100, INDENT = 6, LISTED = 4 };

static const char *const kinds[CHECK_KINDS] = {"loss", "malformed", "capture", "clock"};
static const char *const severities[CHECK_SEVERITIES] = {"error", "warning", "note"};
static const char *const confidences[] = {"certain", "likely", "possible"};
static const char *const shown_kinds[MSGT_LANGS][CHECK_KINDS] = {{"LOSS", "MALFORMED", "CAPTURE", "CLOCK"}, {"損失", "形式不正", "キャプチャ", "時計"}};
static const char *const shown_severities[MSGT_LANGS][CHECK_SEVERITIES] = {{"error", "warning", "note"}, {"エラー", "警告", "注記"}};
static const char *const shown_confidences[MSGT_LANGS][G_N_ELEMENTS(confidences)] = {{"certain", "likely", "possible"}, {"確実", "有力", "可能性"}};
static const int colors[CHECK_SEVERITIES] = {3, 4, 5};

/* The words of the report itself. */
static sentence_text losses[] = {[CHECK_CERTAIN] = {"Syslog was lost", "syslog が失われました"},
                                 [CHECK_LIKELY] = {"Syslog was probably lost", "syslog が失われた可能性が高いです"},
                                 [CHECK_POSSIBLE] = {"Syslog may have been lost", "syslog が失われた可能性があります"}};
static sentence_text unsent = {"a device sent nothing for a while", "デバイスからの送信がしばらく途絶えました"};
static sentence_text malformed = {"{percent} % of what arrived is malformed", "届いたメッセージの {percent} % が不正な形式です"};
static sentence_text few_malformed = {"{n} of the messages {are} malformed", "届いたメッセージのうち {n} 件が不正な形式です"};
static sentence_text some_malformed = {"some of the messages are malformed", "届いたメッセージの一部が不正な形式です"};
static sentence_text clocks_off = {"device clocks are off", "デバイスの時計がずれています"};
static sentence_text capture_odd = {"the capture itself has flaws", "キャプチャ自体に問題があります"};
static sentence_text all_well = {"No sign of lost or malformed syslog", "syslog の損失や形式の異常は見つかりません"};
static sentence_text only_notes = {"No sign of lost or malformed syslog, apart from what the notes tell", "注記の内容を除き、syslog の損失や形式の異常は見つかりません"};
static sentence_text nothing = {"There is no syslog to check", "調べる syslog がありません"};
static sentence_text none_asked = {"No message is what was asked for", "指定に合うメッセージがありません"};
static sentence_text limited = {"The capture lost packets itself, so what is missing in it need not be missing on the wire.",
                             "キャプチャ自体がパケットを失っているため、ここにないものが回線上にもなかったとは限りません。"};
static sentence_text joint = {", and ", "。また、"}, stop = {".", "。"}, comma = {", ", "、"};
/* With a time or without, of one file or of several. */
static sentence_text count_frames[2][2] = {
    {{"{n}, first in frame {frame}", "{n} 件、最初はフレーム {frame}"},
     {"{n}, first in {file}, frame {frame}", "{n} 件、最初は {file}、フレーム {frame}"}},
    {{"{n}, first at {time} (frame {frame})", "{n} 件、最初は {time} (フレーム {frame})"},
     {"{n}, first at {time} ({file}, frame {frame})", "{n} 件、最初は {time} ({file}、フレーム {frame})"}},
};
static sentence_text count_only = {"{n}", "{n} 件"};
static sentence_text examined = {"Examined: {datagrams} datagram{s}, {messages} message{s} of {devices} device{s} in {span}.",
                              "調べたもの: {datagrams} データグラム、{devices} 台の {messages} メッセージ、{span}。"};
static sentence_text clean_word = {" Clean: ", "異常なし: "}, unusable_word = {"Not usable: ", "判定に使えないもの: "},
                  capture_word = {"Capture: ", "キャプチャ: "}, more_word = {" and {n} more", " ほか {n} 件"},
                  clocks_word = {" Clocks: ", "時計: "};

/* What is fine unless one of these codes was raised. */
static const struct topic {
    const char *key;
    sentence_text name;
    enum check_code from, to;
    bool of_messages; /* where none was asked for, nothing is known of it */
} topics[TOPICS] = {
    [TOPIC_REFUSALS] = {"refusals", {"refusals", "拒否応答"}, CHECK_ICMP_UNREACHABLE, CHECK_ICMP_FRAG_NEEDED, false},
    [TOPIC_FRAGMENTS] = {"fragments", {"fragments", "フラグメント"}, CHECK_FRAGMENT_MISSING, CHECK_FRAGMENT_MISSING, false},
    [TOPIC_IP_IDS] = {"ip-ids", {"IP IDs", "IP ID"}, CHECK_IP_ID_GAP, CHECK_IP_ID_GAP, false},
    [TOPIC_SEQUENCE] = {"sequence", {"sequence numbers", "シーケンス番号"}, CHECK_SEQUENCE_GAP, CHECK_SEQUENCE_GAP, false},
    [TOPIC_RHYTHM] = {"rhythm", {"rhythm", "送信間隔"}, CHECK_SILENCE, CHECK_SILENCE, true},
    [TOPIC_BURSTS] = {"bursts", {"bursts", "バースト"}, CHECK_BURST, CHECK_BURST, false},
    [TOPIC_ARP] = {"arp", {"ARP", "ARP"}, CHECK_ARP_UNANSWERED, CHECK_ARP_UNANSWERED, false},
    [TOPIC_DEVICE_REPORTS] = {"device-reports", {"device reports", "デバイスの報告"}, CHECK_DEVICE_REPORTS_LOSS, CHECK_DEVICE_REPORTS_LOSS, true},
    [TOPIC_CHECKSUMS] = {"checksums", {"checksums", "チェックサム"}, CHECK_BAD_UDP_CHECKSUM, CHECK_CHECKSUM_OFFLOAD, false},
    [TOPIC_DUPLICATES] = {"duplicates", {"duplicates", "複製"}, CHECK_DUPLICATE, CHECK_DUPLICATE, false},
    [TOPIC_ORDER] = {"order", {"order", "順序"}, CHECK_REORDERED, CHECK_REORDERED, false},
    [TOPIC_MESSAGES] = {"messages", {"messages", "メッセージ"}, CHECK_SPLIT_MESSAGE, CHECK_CODES - 1, true},
    [TOPIC_CLOCKS] = {"clocks", {"clocks", "時計"}, CHECK_CLOCK_SKEW, CHECK_CLOCK_JUMP, false},
};

const char *const *check_topic_name(enum check_topic topic) { return topics[topic].name; }

static const struct finding *finding_at(const struct check *check, guint i) { return g_ptr_array_index(check->findings, i); }

/* What was not usable for every device was not found fine. */
static bool usable_for_some(const struct check *check, const struct topic *topic)
{
    guint devices = 0;
    for (guint i = 0; i < check->unusable->len; i++) {
        const struct remark *r = g_ptr_array_index(check->unusable, i);
        if (r->topic != (enum check_topic)(topic - topics))
            continue;
        if (*r->device == 0)
            return false;
        devices++;
    }
    return devices == 0 || devices < g_hash_table_size(check->flows->devices);
}

static bool topic_clean(const struct check *check, const struct topic *topic)
{
    if (topic->of_messages && check->messages == 0)
        return false;
    for (int i = 0; i < CHECK_SEVERITIES; i++)
        if (check_raised(check, topic->from, topic->to, (enum check_severity)i))
            return false;
    switch (topic->from) {
    case CHECK_ICMP_UNREACHABLE:
    case CHECK_ARP_UNANSWERED:
        return check->returns && usable_for_some(check, topic);
    case CHECK_IP_ID_GAP:
        return check->counted_ids;
    case CHECK_SEQUENCE_GAP:
        return check->numbered;
    case CHECK_BAD_UDP_CHECKSUM:
        return check->summed;
    case CHECK_DUPLICATE:
        return check->singled;
    case CHECK_CLOCK_SKEW:
        return check->clocks->len > 0;
    default:
        return usable_for_some(check, topic);
    }
}

/* ---- The verdict in a sentence ---- */

static void count_kinds(const struct check *check, uint64_t found[CHECK_KINDS])
{
    for (unsigned code = 0; code < CHECK_CODES; code++)
        found[check_code((enum check_code)code)->kind] += check->raised[code][CHECK_ERROR] + check->raised[code][CHECK_WARNING];
}

static void add_clause(struct buffer *out, enum msgt_lang lang, const char *clause)
{
    size_t start = out->length;
    if (start)
        buffer_text(out, joint[lang]);
    size_t at = out->length;
    buffer_text(out, clause);
    if (!start && lang == MSGT_EN)
        out->data[at] = g_ascii_toupper(out->data[at]); // NOLINT(clang-analyzer-core.NullDereference): a clause is not empty
}

static char *malformed_clause(const struct check *check)
{
    enum msgt_lang lang = check->view->lang;
    double percent = check->messages ? 100.0 * (double)check->malformed / (double)check->messages : 0;
    char number[32], share[G_ASCII_DTOSTR_BUF_SIZE];
    g_snprintf(number, sizeof number, "%" G_GUINT64_FORMAT, check->malformed);
    g_ascii_formatd(share, sizeof share, percent >= 10 ? "%.0f" : "%.1f", percent);
    const char *const names[] = {"percent", share, "n", number, NULL};
    return sentence_filled((percent >= 0.1 ? malformed : check->malformed ? few_malformed : some_malformed)[lang], names);
}

static void write_sentence(const struct check *check, bool damaged, struct buffer *out)
{
    enum msgt_lang lang = check->view->lang;
    uint64_t found[CHECK_KINDS] = {0}, notes = check_raised(check, 0, CHECK_CODES - 1, CHECK_NOTE);
    struct buffer text = {0};
    count_kinds(check, found);
    if (found[CHECK_LOSS])
        add_clause(&text, lang, (found[CHECK_LOSS] > check->unsent ? losses[check->surest_loss] : unsent)[lang]);
    if (found[CHECK_MALFORMED]) {
        char *clause = malformed_clause(check);
        add_clause(&text, lang, clause);
        g_free(clause);
    }
    if (found[CHECK_CLOCK])
        add_clause(&text, lang, clocks_off[lang]);
    if (found[CHECK_CAPTURE] && !check->limited)
        add_clause(&text, lang, capture_odd[lang]);
    if (!text.length)
        add_clause(&text, lang, (!check->datagrams ? nothing : !check->messages ? none_asked : notes ? only_notes : all_well)[lang]);
    if (check->limited) {
        buffer_text(out, limited[lang]);
        buffer_text(out, lang == MSGT_EN ? " " : "");
    }
    buffer_octets(out, text.data, text.length);
    buffer_text(out, stop[lang]);
    if (damaged)
        buffer_text(out, sentence_damaged[lang]);
    buffer_free(&text);
}

/* ---- Text ---- */

static void write_paragraph(struct buffer *out, const char *text)
{
    buffer_fill(out, ' ', INDENT);
    text_wrapped(out, text, INDENT, COLUMNS);
    buffer_char(out, '\n');
}

static void write_finding(struct buffer *out, const struct check *check, const struct finding *f, bool color)
{
    enum msgt_lang lang = check->view->lang;
    struct buffer number = {0}, time = {0}, frame = {0};
    buffer_grouped(&number, f->hit.count);
    buffer_char(&number, 0);
    check_write_start(check, &time, f->hit.time);
    buffer_char(&time, 0);
    buffer_grouped(&frame, f->hit.frame);
    buffer_char(&frame, 0);
    const char *const names[] = {"n", number.data, "time", time.data, "frame", frame.data, "file", f->hit.file ? f->hit.file : "", NULL};
    bool several = check->input > 2; /* the one behind the last counts, too */
    color_on(out, color, colors[f->severity]);
    text_padded(out, shown_kinds[lang][check_code(f->code)->kind], lang == MSGT_JA ? 12 : 10);
    color_off(out, color, colors[f->severity]);
    text_padded(out, f->severity == CHECK_NOTE ? shown_severities[lang][CHECK_NOTE] : shown_confidences[lang][f->confidence], 9);
    text_padded(out, check_code_name(f->code), 20);
    buffer_char(out, ' ');
    size_t start = out->length;
    text_safe(out, f->device, strlen(f->device));
    size_t width = text_width(out->data + start, out->length - start);
    buffer_fill(out, ' ', width < 28 ? 28 - width : 2);
    sentence_put(out, (f->hit.frame ? count_frames[f->hit.precision > 0][several] : count_only)[lang], names);
    buffer_char(out, '\n');
    write_paragraph(out, f->detail);
    write_paragraph(out, f->advice);
    buffer_char(out, '\n');
    buffer_free(&number);
    buffer_free(&time);
    buffer_free(&frame);
}

static void write_more(struct buffer *out, enum msgt_lang lang, guint count)
{
    char number[16];
    g_snprintf(number, sizeof number, "%u", count);
    const char *const names[] = {"n", number, NULL};
    sentence_put(out, more_word[lang], names);
}

/* "fw1 +0.2 s, fw2 +9 h" */
static void write_clocks(struct buffer *out, const struct check *check)
{
    for (guint i = 0; i < check->clocks->len && i < LISTED; i++) {
        const char *clock = g_ptr_array_index(check->clocks, i);
        buffer_text(out, i ? comma[check->view->lang] : "");
        text_safe(out, clock, strlen(clock));
    }
    if (check->clocks->len > LISTED)
        write_more(out, check->view->lang, check->clocks->len - LISTED);
}

/* The clocks stand behind their word, or in a sentence of their own where they are not clean. */
static void write_clean(struct buffer *out, const struct check *check)
{
    enum msgt_lang lang = check->view->lang;
    bool any = false, clocks = false;
    for (size_t i = 0; i < G_N_ELEMENTS(topics); i++) {
        if (!topic_clean(check, &topics[i]))
            continue;
        buffer_text(out, any ? comma[lang] : clean_word[lang]);
        buffer_text(out, topics[i].name[lang]);
        any = true;
        if (topics[i].from != CHECK_CLOCK_SKEW)
            continue;
        clocks = true;
        buffer_text(out, " (");
        write_clocks(out, check);
        buffer_char(out, ')');
    }
    if (any)
        buffer_text(out, stop[lang]);
    if (clocks || !check->clocks->len)
        return;
    buffer_text(out, clocks_word[lang]);
    write_clocks(out, check);
    buffer_text(out, stop[lang]);
}

/* "IP IDs of fw1, fw2 (random); …" */
static void write_unusable(struct buffer *out, const struct check *check)
{
    enum msgt_lang lang = check->view->lang;
    const struct remark *last = NULL;
    guint in_row = 0;
    for (guint i = 0; i < check->unusable->len; i++) {
        const struct remark *r = g_ptr_array_index(check->unusable, i);
        bool same = last && strcmp(last->what, r->what) == 0 && strcmp(last->why, r->why) == 0;
        if (!same) {
            buffer_text(out, last ? "; " : unusable_word[lang]);
            buffer_format(out, "%s (%s)", r->what, r->why);
            in_row = 0;
        }
        if (*r->device && in_row < LISTED) {
            buffer_text(out, in_row++ ? comma[lang] : ": ");
            text_safe(out, r->device, strlen(r->device));
        } else if (*r->device && in_row++ == LISTED) {
            buffer_text(out, comma[lang]);
            buffer_text(out, "…");
        }
        last = r;
    }
    if (last)
        buffer_text(out, stop[lang]);
}

static void write_trust(struct buffer *out, const struct check *check)
{
    enum msgt_lang lang = check->view->lang;
    for (guint i = 0; i < check->trust->len; i++) {
        buffer_text(out, i ? comma[lang] : capture_word[lang]);
        buffer_text(out, ((const struct remark *)g_ptr_array_index(check->trust, i))->what);
    }
    if (check->trust->len)
        buffer_text(out, stop[lang]);
}

static void write_block(struct buffer *out, const struct check *check, void (*write)(struct buffer *, const struct check *))
{
    struct buffer text = {0};
    write(&text, check);
    if (text.length) {
        buffer_char(&text, 0);
        text_wrapped(out, text.data, 0, COLUMNS);
        buffer_char(out, '\n');
    }
    buffer_free(&text);
}

static void write_examined(struct buffer *out, const struct check *check)
{
    char text[3][32];
    struct buffer span = {0};
    const uint64_t counts[] = {check->datagrams, check->messages, g_hash_table_size(check->flows->devices)};
    for (int i = 0; i < 3; i++) {
        char grouped[CAPTURE_GROUPED_SIZE];
        g_strlcpy(text[i], capture_grouped(counts[i], grouped), sizeof text[i]);
    }
    sentence_span(&span, (double)(check->now - check->first_time) / NANOSECONDS, check->view->lang);
    buffer_char(&span, 0);
    const char *const names[] = {"datagrams", text[0], "messages", text[1], "devices", text[2], "span", span.data, NULL};
    sentence_put(out, examined[check->view->lang], names);
    buffer_free(&span);
    write_clean(out, check);
}

void check_report_text(const struct check *check, bool damaged, bool color, struct buffer *out)
{
    struct buffer sentence = {0};
    write_sentence(check, damaged, &sentence);
    buffer_char(&sentence, 0);
    color_on(out, color, COLOR_EMPHASIS);
    text_wrapped(out, sentence.data, 0, COLUMNS);
    color_off(out, color, COLOR_EMPHASIS);
    buffer_text(out, "\n\n");
    buffer_free(&sentence);
    for (guint i = 0; i < check->findings->len; i++)
        write_finding(out, check, finding_at(check, i), color);
    if (check->datagrams)
        write_block(out, check, write_examined);
    write_block(out, check, write_unusable);
    write_block(out, check, write_trust);
}

/* ---- JSON ---- */

static void write_json_finding(struct buffer *out, const struct finding *f)
{
    buffer_char(out, '{');
    json_key_text(out, "code", check_code_name(f->code));
    json_key_text(out, "kind", kinds[check_code(f->code)->kind]);
    json_key_text(out, "severity", severities[f->severity]);
    if (*f->device)
        json_key_text(out, "device", f->device);
    json_key_uint(out, "count", f->hit.count);
    if (f->hit.file)
        json_key_text(out, "file", f->hit.file);
    if (f->hit.frame)
        json_key_uint(out, "first_frame", f->hit.frame);
    if (f->hit.precision) {
        struct buffer time = {0};
        buffer_rfc3339(&time, whole_seconds(f->hit.time), nanoseconds_beyond(f->hit.time), f->hit.precision);
        json_key_octets(out, "first_time", time.data, time.length);
        buffer_free(&time);
    }
    json_key(out, "frames");
    buffer_char(out, '[');
    for (unsigned i = 0; i < f->hit.frame_count; i++) {
        json_separate(out);
        buffer_uint(out, f->hit.frames[i]);
    }
    buffer_char(out, ']');
    json_key_text(out, "detail", f->detail);
    json_key_text(out, "advice", f->advice);
    json_key_text(out, "confidence", confidences[f->confidence]);
    buffer_text(out, "}\n");
}

static void write_json_remarks(struct buffer *out, const char *key, const GPtrArray *list)
{
    json_key(out, key);
    buffer_char(out, '[');
    for (guint i = 0; i < list->len; i++) {
        const struct remark *r = g_ptr_array_index((GPtrArray *)list, i);
        json_separate(out);
        buffer_char(out, '{');
        json_key_text(out, "what", r->what);
        if (*r->device)
            json_key_text(out, "device", r->device);
        if (*r->why)
            json_key_text(out, "why", r->why);
        buffer_char(out, '}');
    }
    buffer_char(out, ']');
}

static void write_json_counts(struct buffer *out, const struct check *check)
{
    static const char *const keys[CHECK_SEVERITIES] = {"errors", "warnings", "notes"};
    for (int i = 0; i < CHECK_SEVERITIES; i++)
        json_key_uint(out, keys[i], check_raised(check, 0, CHECK_CODES - 1, (enum check_severity)i));
    json_key_uint(out, "frames", check->frames);
    json_key_uint(out, "datagrams", check->datagrams);
    json_key_uint(out, "messages", check->messages);
    json_key_uint(out, "malformed", check->malformed);
    json_key_uint(out, "duplicates", check->duplicates);
    json_key_uint(out, "devices", g_hash_table_size(check->flows->devices));
    json_key_uint(out, "untracked", check->flows->untracked);
}

void check_report_json(const struct check *check, bool damaged, struct buffer *out)
{
    struct buffer sentence = {0};
    for (guint i = 0; i < check->findings->len; i++)
        write_json_finding(out, finding_at(check, i));
    write_sentence(check, damaged, &sentence);
    buffer_text(out, "{\"verdict\":{");
    json_key_octets(out, "sentence", sentence.data, sentence.length);
    json_key_text(out, "trust", check->limited ? "limited" : damaged ? "damaged" : "good");
    write_json_counts(out, check);
    json_key(out, "clean");
    buffer_char(out, '[');
    for (size_t i = 0; i < G_N_ELEMENTS(topics); i++)
        if (check->datagrams && topic_clean(check, &topics[i])) {
            json_separate(out);
            json_string(out, topics[i].key, strlen(topics[i].key));
        }
    buffer_char(out, ']');
    write_json_remarks(out, "not_usable", check->unusable);
    write_json_remarks(out, "capture", check->trust);
    buffer_text(out, "}}\n");
    buffer_free(&sentence);
}

/* ---- --explain ---- */

/* The advice, with words where a finding has its own numbers. */
static char *general_advice(const struct check_code_row *row, enum msgt_lang lang)
{
    static const char *const names[] = {"size", "SIZE", "octets", "OCTETS", "size_option", "SIZE", NULL};
    return sentence_filled(row->advice[lang], names);
}

bool check_explain(struct buffer *out, const char *code, enum msgt_lang lang, bool json)
{
    for (unsigned i = 0; i < CHECK_CODES; i++) {
        const struct check_code_row *row = check_code((enum check_code)i);
        if (strcmp(check_code_name((enum check_code)i), code) != 0)
            continue;
        char *advice = general_advice(row, lang);
        if (json) {
            buffer_char(out, '{');
            json_key_text(out, "code", code);
            json_key_text(out, "kind", kinds[row->kind]);
            json_key_text(out, "severity", severities[row->severity]);
            json_key_text(out, "derived", row->how[lang]);
            json_key_text(out, "advice", advice);
            buffer_text(out, "}\n");
        } else {
            buffer_format(out, "%s  (%s%s%s)\n", code, lang == MSGT_EN ? kinds[row->kind] : shown_kinds[lang][row->kind], comma[lang],
                          shown_severities[lang][row->severity]);
            write_paragraph(out, row->how[lang]);
            write_paragraph(out, advice);
        }
        g_free(advice);
        return true;
    }
    return false;
}
