/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A datagram → records: where one message ends, its header, its text, and what is odd about it. */
#include <string.h>

#include "header.h"
#include "octets.h"
#include "repeat.h"
#include "table.h"
#include "utf8.h"

static const struct msgt_finding_info findings[MSGT_FINDINGS] = {
    [MSGT_F_NO_PRI] = {"no-pri", {"no priority in front", "先頭に優先度がない"}, false},
    [MSGT_F_BAD_PRI] = {"bad-pri", {"malformed priority", "優先度の形が正しくない"}, false},
    [MSGT_F_NO_TIMESTAMP] = {"no-timestamp", {"no device time", "デバイスの時刻がない"}, false},
    [MSGT_F_DOUBLE_HEADER] = {"double-header", {"a relay put its own header in front", "中継が自分のヘッダを前に付けた"}, false},
    [MSGT_F_EMBLEM] = {"emblem", {"EMBLEM header", "EMBLEM 形式のヘッダ"}, false},
    [MSGT_F_NO_TAG] = {"no-tag", {"no FTD or ASA tag", "FTD/ASA のタグがない"}, false},
    [MSGT_F_UNKNOWN_ID] = {"unknown-id", {"message ID not in the catalogue", "メッセージ ID がカタログにない"}, false},
    [MSGT_F_TEMPLATE_MISMATCH] = {"template-mismatch", {"text leaves every template", "本文がどのテンプレートからも外れる"}, false},
    [MSGT_F_MESSAGE_TRUNCATED] = {"message-truncated", {"text ends inside its template", "本文がテンプレートの途中で終わる"}, false},
    [MSGT_F_SNAPLEN] = {"snaplen", {"cut by the capture", "キャプチャで切られている"}, false},
    [MSGT_F_SEVERITY_MISMATCH] = {"severity-mismatch", {"severity of priority and tag differ", "優先度とタグの重大度が違う"}, false},
    [MSGT_F_SEVERITY_CHANGED] = {"severity-changed", {"severity is not the documented one", "重大度が文書と違う"}, false},
    [MSGT_F_MULTIPLE_MESSAGES] = {"multiple-messages", {"several messages in one datagram", "1 つのデータグラムに複数のメッセージ"}, false},
    [MSGT_F_NON_UTF8] = {"non-utf8", {"not valid UTF-8", "正しい UTF-8 ではない"}, false},
    [MSGT_F_CONTROL_BYTES] = {"control-bytes", {"control octets inside", "途中に制御文字がある"}, false},
    [MSGT_F_TRAILING_BYTES] = {"trailing-bytes", {"CR, LF or NUL at the end", "末尾に CR、LF、NUL がある"}, true},
};

struct msgt_finding_info msgt_finding(enum msgt_finding finding) { return findings[finding]; }

uint32_t msgt_quiet_findings(void)
{
    uint32_t quiet = 0;
    for (unsigned i = 0; i < MSGT_FINDINGS; i++)
        quiet |= findings[i].quiet ? 1u << i : 0;
    return quiet;
}

const char *msgt_status_name(enum msgt_status status)
{
    static const char *const names[MSGT_STATUSES] = {"ok", "partial", "truncated", "unknown-id", "no-tag"};
    return names[status];
}

const char *msgt_severity_name(unsigned severity, enum msgt_lang lang)
{
    static const char *const names[MSGT_LANGS][8] = {
        {"emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"},
        {"緊急", "アラート", "重大", "エラー", "警告", "通知", "情報", "デバッグ"},
    };
    return names[lang][severity & 7];
}

const char *msgt_no_title(enum msgt_status status, enum msgt_lang lang)
{
    static const char *const no_tag[MSGT_LANGS] = {"(no FTD or ASA tag)", "(FTD/ASA のタグなし)"};
    static const char *const unknown[MSGT_LANGS] = {"(not in the catalogue)", "(カタログになし)"};
    return status == MSGT_NO_TAG ? no_tag[lang] : unknown[lang];
}

struct msgt_divergence msgt_divergence(enum msgt_status status, enum msgt_lang lang)
{
    static const struct msgt_divergence leaves[MSGT_LANGS] = {
        {"text leaves the template at byte ", ": expected ", ", found ", "end of message"},
        {"本文がテンプレートから外れる位置: オフセット ", "、期待: ", "、実際: ", "本文の終わり"},
    };
    static const struct msgt_divergence ends[MSGT_LANGS] = {
        {"text ends inside the template at byte ", ": expected ", ", found ", "end of message"},
        {"本文がテンプレートの途中で終わる位置: オフセット ", "、期待: ", "、実際: ", "本文の終わり"},
    };
    return status == MSGT_TRUNCATED ? ends[lang] : leaves[lang];
}

static void found(struct msgt_record *record, enum msgt_finding finding) { record->findings |= 1u << finding; }

static bool is_tail(uint8_t c) { return c == '\r' || c == '\n' || c == 0; }

static size_t without_tail(const uint8_t *datagram, size_t from, size_t end)
{
    while (end > from && is_tail(datagram[end - 1]))
        end--;
    return end;
}

/* ---- Where a message ends ---- */

/* The end of the message whose octets up to AT are printable, at most LAST, which stands behind an octet that is no tail; *next is where the next one
 * starts, or LENGTH. Only a line that has a tag of its own starts a message: texts may hold line feeds. */
SELDOM static size_t search_end(const uint8_t *datagram, size_t at, size_t last, size_t length, size_t *next)
{
    struct header_ahead ahead = HEADER_AHEAD;
    for (; at < last; at++) {
        if (!is_tail(datagram[at]))
            continue;
        size_t line = at;
        while (is_tail(datagram[line]))
            line++;
        if (header_starts_message(datagram, line, length, length, &ahead)) {
            *next = line;
            return at;
        }
        at = line - 1;
    }
    *next = length;
    return last;
}

static inline size_t message_end(const uint8_t *datagram, size_t at, size_t last, size_t length, size_t *next)
{
    *next = length;
    return at == last ? last : search_end(datagram, at, last, length, next);
}

/* Where in [FROM, END) a further message begins without a line feed in front: a whole "<PRI>" with a header and a tag behind it. */
SELDOM static size_t search_glued(const uint8_t *datagram, size_t from, size_t end, size_t length)
{
    struct header_ahead ahead = HEADER_AHEAD;
    for (size_t at = from + 1; at < end; at++) {
        const uint8_t *open = memchr(datagram + at, '<', end - at);
        if (!open)
            break;
        at = (size_t)(open - datagram);
        size_t n = at + 1;
        while (n < end && n < at + 4 && is_digit(datagram[n]))
            n++;
        if (n > at + 1 && n < end && datagram[n] == '>' && header_starts_message(datagram, at, end, length, &ahead))
            return at;
    }
    return end;
}

/* ALONE: there is no percent sign but that of the message's own tag. */
static inline size_t glued_message(const uint8_t *datagram, size_t from, size_t end, size_t length, bool alone)
{
    bool tagged = !alone && from < end && memchr(datagram + from, '%', end - from);
    return tagged ? search_glued(datagram, from, end, length) : end;
}

/* ---- One record ---- */

static inline void decode_body(struct msgt_memory *memory, const struct msgt_table *table, const uint8_t *datagram, unsigned flags, struct msgt_record *record)
{
    struct msgt_span body = record->message;
    if (record->repeat) /* said in front of the tag */
        repeat_close(datagram, &body);
    else
        repeat_read(datagram, &body, &record->repeat);
    record->body = body;
    record->message_index = msgt_message_index(table, record->id);
    if (record->message_index < 0) {
        record->status = MSGT_UNKNOWN_ID;
        found(record, MSGT_F_UNKNOWN_ID);
        return;
    }
    decode_text(memory, table, datagram, body, flags, record);
    if (record->status == MSGT_PARTIAL)
        found(record, MSGT_F_TEMPLATE_MISMATCH);
    if (record->status == MSGT_TRUNCATED && !(flags & MSGT_CUT))
        found(record, MSGT_F_MESSAGE_TRUNCATED);
    if (record->severity >= 0 && !(table->messages[record->message_index].severities >> record->severity & 1))
        found(record, MSGT_F_SEVERITY_CHANGED);
}

SELDOM static void look_at_octets(const uint8_t *datagram, size_t from, size_t end, unsigned flags, struct msgt_record *record)
{
    struct utf8_facts facts = utf8_examine(datagram + from, end - from);
    if (facts.control)
        found(record, MSGT_F_CONTROL_BYTES);
    if (facts.invalid && !((flags & MSGT_CUT) && facts.cut_at_end))
        found(record, MSGT_F_NON_UTF8);
}

static void clear(struct msgt_record *record)
{
    memset(record, 0, offsetof(struct msgt_record, values));
    record->message_index = -1;
    record->pri = -1;
    record->severity = -1;
    record->expected = "";
}

/* What is missing may be in the part that was not captured: the device is not accused of it. */
SELDOM static void blame_capture(struct msgt_record *record)
{
    found(record, MSGT_F_SNAPLEN);
    if (record->tag.length == 0)
        record->findings &= ~(1u << MSGT_F_NO_TAG | 1u << MSGT_F_NO_TIMESTAMP | 1u << MSGT_F_BAD_PRI);
}

/* Where a message ends, and what was seen on the way. */
struct extent {
    size_t plain; /* octets in front of it are printable */
    size_t end;   /* of the message */
    size_t next;  /* start of the next one, or the datagram's length */
    bool trailing;
    struct utf8_plain held; /* in front of PLAIN */
};

/* Reads the header and finds the end of the message. Nothing from HORIZON on is searched for that end: false when it may lie there. */
static inline bool read_extent(const struct msgt_hints *hints, const uint8_t *datagram, size_t from, size_t horizon, size_t length,
                               struct msgt_record *record, struct extent *extent)
{
    size_t last = without_tail(datagram, from, horizon);
    extent->plain = from + utf8_plain_run(datagram + from, last - from, &extent->held);
    extent->end = message_end(datagram, extent->plain, last, length, &extent->next);
    extent->trailing = extent->end < extent->next;
    header_read(hints, datagram, from, extent->end, record);
    bool alone = extent->held.percents <= 1 && extent->end <= extent->plain;
    size_t glued = record->tag.length ? glued_message(datagram, record->message.offset, extent->end, length, alone) : extent->end;
    if (glued < extent->end) {
        extent->next = extent->end = glued;
        extent->trailing = false;
        record->message.length = (uint32_t)(glued - record->message.offset);
    }
    return extent->next < length || horizon == length;
}

/* Looks no further than twice as far as the message reaches, however long the datagram is that many of them share. */
static inline void find_extent(const struct msgt_hints *hints, const uint8_t *datagram, size_t from, size_t length,
                               struct msgt_record *record, struct extent *extent)
{
    enum { WINDOW = 2048 }; /* no tag of the message's own lies behind it (MSGT_HEADER_MAX); most datagrams are shorter */
    size_t window = WINDOW, horizon;
    do {
        clear(record);
        horizon = length - from > window ? from + window : length;
        window *= 2;
    } while (!read_extent(hints, datagram, from, horizon, length, record, extent));
}

size_t msgt_decode_with(const struct msgt_hints *hints, const struct msgt_table *table, const uint8_t *datagram, size_t length, size_t from,
                        unsigned flags, struct msgt_record *record)
{
    struct extent extent;
    const size_t whole = length;
    if (length > MSGT_DATAGRAM_MAX) {
        length = MSGT_DATAGRAM_MAX;
        flags |= MSGT_CUT;
    }
    if (from > length)
        from = length;
    find_extent(hints, datagram, from, length, record, &extent);
    if (from > 0 || extent.next < length)
        found(record, MSGT_F_MULTIPLE_MESSAGES);
    if (extent.next < length)
        flags &= ~(unsigned)MSGT_CUT;
    if (extent.trailing)
        found(record, MSGT_F_TRAILING_BYTES);
    if (flags & MSGT_CUT)
        blame_capture(record);
    record->datagram = (struct msgt_span){(uint32_t)from, (uint32_t)(extent.end - from)};
    record->plain = extent.plain >= extent.end && !extent.held.escapes;
    if (extent.plain < extent.end)
        look_at_octets(datagram, extent.plain, extent.end, flags, record);
    if (record->pri >= 0 && record->severity >= 0 && (record->pri & 7) != record->severity)
        found(record, MSGT_F_SEVERITY_MISMATCH);
    if (record->tag.length == 0)
        record->status = MSGT_NO_TAG;
    else
        decode_body(hints->memory, table, datagram, flags, record);
    return extent.next < length ? extent.next : whole;
}

size_t msgt_decode(const struct msgt_table *table, const uint8_t *datagram, size_t length, size_t from, unsigned flags,
                   struct msgt_record *record)
{
    return msgt_decode_with(&(struct msgt_hints){0}, table, datagram, length, from, flags, record);
}

void msgt_decode_text(const struct msgt_table *table, uint32_t id, const uint8_t *text, size_t length, unsigned flags,
                      struct msgt_record *record)
{
    clear(record);
    while (length > 0 && is_tail(text[length - 1]))
        length--;
    record->id = id;
    record->message = record->datagram = (struct msgt_span){0, (uint32_t)length};
    decode_body(NULL, table, text, flags, record);
}

bool msgt_find_tag(const uint8_t *datagram, size_t length, struct msgt_tag *tag)
{
    return header_find_tag(datagram, 0, length < MSGT_HEADER_MAX ? length : MSGT_HEADER_MAX, length, tag);
}

bool msgt_has_tag(const uint8_t *datagram, size_t length)
{
    struct msgt_tag tag;
    return msgt_find_tag(datagram, length, &tag);
}
