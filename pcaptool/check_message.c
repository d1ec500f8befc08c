/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with single messages: the record's findings, for each device. */
#include "check.h"
#include "words.h"

/* Lengths at which known software stops. */
static const struct limit {
    uint32_t octets;
    sentence_text who;
} limits[LIMITS] = {
    {480, {"the least that RFC 5426 asks of a receiver", "RFC 5426 が受信側に求める最小値"}},
    {512, {"a buffer of 512 octets", "512 オクテットのバッファ"}},
    {1024, {"RFC 3164's limit, of old senders and relays", "RFC 3164 の上限 (古い送信元や中継)"}},
    {1472, {"one Ethernet frame", "Ethernet フレーム 1 つ"}},
    {2048, {"RFC 5424's recommended limit", "RFC 5424 の推奨上限"}},
    {4096, {"a relay's limit of 4 KiB", "4 KiB の中継の上限"}},
    {8192, {"rsyslog's default maxMessageSize", "rsyslog の maxMessageSize の既定値"}},
};

/* A text that may end anywhere is not seen to be cut: but for a limit hardly as many end at the very octet, and none behind it.
 * NEAR: octets in front of the limit in which the others are counted. */
enum { AT_LIMIT = 8, ENDS = 3, NEAR = 64 };

/* What a record's findings say of the message itself; the rest is style or the capture's doing. A text that ends early is cut only if
 * a limit is found for the device's. */
static const uint32_t malformations = 1u << MSGT_F_NO_PRI | 1u << MSGT_F_BAD_PRI | 1u << MSGT_F_DOUBLE_HEADER |
                                      1u << MSGT_F_SEVERITY_MISMATCH | 1u << MSGT_F_MULTIPLE_MESSAGES | 1u << MSGT_F_NON_UTF8;

/* With these a datagram is longer or shorter than its message. */
static const uint32_t unclear = 1u << MSGT_F_SNAPLEN | 1u << MSGT_F_MULTIPLE_MESSAGES | 1u << MSGT_F_TRAILING_BYTES;

/* A length in the device's few most frequent ones of truncated messages. One without a place weighs the others down until it gets the
 * place of one that weighs nothing (Misra and Gries): a length of more than a ninth of them has a place in the end. */
static void count_cut(struct device *device, uint32_t length)
{
    const unsigned places = G_N_ELEMENTS(device->cuts);
    unsigned at = 0;
    while (at < places && (device->cuts[at].length != length || device->cuts[at].count == 0))
        at++;
    for (unsigned i = 0; i < places && at == places; i++)
        if (device->cuts[i].weight == 0)
            at = i;
    if (at == places) {
        for (unsigned i = 0; i < places; i++)
            device->cuts[i].weight--;
        device->cut_elsewhere++;
        return;
    }
    if (device->cuts[at].length != length) {
        device->cut_elsewhere += device->cuts[at].count;
        device->cuts[at].count = 0;
        device->cuts[at].length = length;
    }
    device->cuts[at].weight++;
    device->cuts[at].count++;
}

/* Its last octets, which are the same where a text is complete that the device says again and again. */
static void keep_end(struct at_limit *at, const uint8_t *octets)
{
    uint32_t last = word32_at(octets);
    for (unsigned i = 0; i < ENDS && at->ends[i] != last; i++)
        if (at->ends[i] == 0) {
            at->ends[i] = last;
            return;
        }
}

/* A message of a datagram of its own that is as long as a limit, or one less, or a little shorter. */
static void see_length(struct check *check, struct device *device, const struct datagram *datagram)
{
    uint32_t length = datagram->length;
    for (unsigned i = 0; i < LIMITS; i++) {
        struct at_limit *at = &device->at_limits[i];
        if (length == limits[i].octets || length == limits[i].octets - 1) {
            check_hit(check, &at->hit, 1);
            keep_end(at, datagram->octets + length - sizeof at->ends[0]);
        } else if (length < limits[i].octets && length + NEAR >= limits[i].octets) {
            at->near++;
        }
    }
}

static void record(struct check *check, void *user, struct device *device, const struct record *record)
{
    const struct msgt_record *m = &record->message;
    uint32_t found = m->findings & ~(1u << MSGT_F_SNAPLEN); /* the packets tell it, whether or not they hold syslog */
    (void)user;
    if (m->status == MSGT_NO_TAG)
        found &= 1u << MSGT_F_NO_TAG; /* other systems follow other rules */
    if (m->findings & 1u << MSGT_F_SNAPLEN)
        found &= ~(1u << MSGT_F_MESSAGE_TRUNCATED | 1u << MSGT_F_TEMPLATE_MISMATCH);
    if (m->status != MSGT_NO_TAG && m->datagram.length > device->longest)
        device->longest = m->datagram.length;
    check->malformed += (found & malformations) != 0;
    for (uint32_t left = found; left; left &= left - 1)
        check_hit(check, &device->findings[__builtin_ctz(left)], 1);
    if (found & 1u << MSGT_F_MESSAGE_TRUNCATED) {
        count_cut(device, record->datagram->length);
        device->only_cut += (found & malformations) == 0;
    } else if (record->datagram->length + NEAR >= limits[0].octets && !(m->findings & unclear) && m->status != MSGT_NO_TAG) {
        see_length(check, device, record->datagram);
    }
}

/* ---- Truncated ---- */

static char *histogram(const struct device *device)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(device->cuts) && device->cuts[i].count; i++)
        g_string_append_printf(text, "%s%u×%" G_GUINT64_FORMAT, i ? ", " : "", device->cuts[i].length, device->cuts[i].count);
    if (device->cut_elsewhere)
        g_string_append_printf(text, ", …×%" G_GUINT64_FORMAT, device->cut_elsewhere);
    return g_string_free(text, FALSE);
}

static const struct cut_length *most_frequent(const struct device *device)
{
    const struct cut_length *best = device->cuts;
    for (unsigned i = 1; i < G_N_ELEMENTS(device->cuts); i++)
        if (device->cuts[i].count > best->count)
            best = &device->cuts[i];
    return best;
}

/* Whose limit the device's truncated messages gather at, with nothing longer behind; NULL: at none. */
static const char *who_cuts(const struct device *device, const struct cut_length *most, enum msgt_lang lang)
{
    static sentence_text own = {"nothing longer came from it, so something on the way has this limit", "これより長いものは届いておらず、途中にこの長さの上限があります"};
    if (most->count < 2 || most->length < device->longest)
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++)
        if (limits[i].octets == most->length || limits[i].octets == most->length + 1)
            return limits[i].who[lang];
    return most->count >= 3 ? own[lang] : NULL;
}

static void conclude_truncated(struct check *check, const struct device *device, const struct hit *hit)
{
    static sentence_text at_limit = {
        "{n} message{s} of {device} stopped inside the text, {most} at {length} octets: {who}. Lengths: {lengths}.",
        "{device} の {n} メッセージが本文の途中で終わり、うち {most} 件が {length} オクテットです: {who}。長さ: {lengths}。"};
    static sentence_text scattered = {
        "{n} message{s} of {device} stopped inside the template at no common length ({lengths}): the device or its version says less than the catalogue expects, rather than a limit on the way.",
        "{device} の {n} メッセージがテンプレートの途中で終わりますが、長さは一定しません ({lengths})。途中の上限ではなく、このデバイスまたはそのバージョンの文言がカタログの想定より短いと考えられます。"};
    static sentence_text look = {
        "See where they end: `ftdpcap -v --status=truncated FILE`. A wording of this version is taught to the tool with a catalogue file (`ftdpcap -m FILE`), whose message takes the place of the built-in one.",
        "どこで終わるかを `ftdpcap -v --status=truncated FILE` で確認します。このバージョンの文言はカタログ ファイルで教えられ (`ftdpcap -m FILE`)、ファイルのメッセージが組み込みのものに置き換わります。"};
    const struct cut_length *most = most_frequent(device);
    const char *who = who_cuts(device, most, check->view->lang);
    char *lengths = histogram(device);
    struct finding *finding = check_raise(
        check, (enum check_code)(CHECK_MESSAGE + MSGT_F_MESSAGE_TRUNCATED), device->name, hit, who ? CHECK_LIKELY : CHECK_POSSIBLE,
        who ? at_limit : scattered, "n", check_number(check, hit->count), "device", device->name, "most",
        check_number(check, most->count), "length", check_number(check, most->length), "who", who ? who : "",
        "lengths", lengths, NULL);
    if (who) {
        check->malformed += device->only_cut;
    } else {
        finding->severity = CHECK_NOTE;
        check_advise(check, finding, look);
    }
    g_free(lengths);
}

static void conclude_limit(struct check *check, const struct device *device, const struct limit *limit, const struct at_limit *at)
{
    static sentence_text detail = {
        "{n} messages of {device} are {length} octets long, none is longer, and no more than {near} end in the 64 octets before: something cuts them there, within texts that may end anywhere ({who}).",
        "{device} の {n} 件が {length} オクテットで、これより長いものはなく、直前の 64 オクテットで終わるものは {near} 件だけです。どこで終わってもよい本文が、そこで切られています ({who})。"};
    if (!at->hit || at->hit->count < AT_LIMIT || at->ends[ENDS - 1] == 0 || device->longest > limit->octets || at->hit->count * 8 <= at->near)
        return;
    check_raise(check, (enum check_code)(CHECK_MESSAGE + MSGT_F_MESSAGE_TRUNCATED), device->name, at->hit, CHECK_LIKELY, detail, "n",
                check_number(check, at->hit->count), "device", device->name, "length", check_number(check, limit->octets), "near",
                check_number(check, at->near), "who", limit->who[check->view->lang], NULL);
}

/* ---- The others ---- */

static const sentence_text details[MSGT_FINDINGS] = {
    [MSGT_F_NO_PRI] = {"{n} of {all} message{s} of {device} {have} no priority in front.", "{device} の {all} 件中 {n} 件の先頭に優先度がありません。"},
    [MSGT_F_BAD_PRI] = {"{n} of {all} message{s} of {device} {have} a malformed priority.", "{device} の {all} 件中 {n} 件の優先度が不正です。"},
    [MSGT_F_NO_TIMESTAMP] = {"{n} of {all} message{s} of {device} {have} no device time.", "{device} の {all} 件中 {n} 件にデバイス時刻がありません。"},
    [MSGT_F_DOUBLE_HEADER] = {"{n} of {all} message{s} of {device} {have} a relay's header in front of the device's.", "{device} の {all} 件中 {n} 件で、中継のヘッダが元のヘッダの前にあります。"},
    [MSGT_F_EMBLEM] = {"{n} of {all} message{s} of {device} {have} an EMBLEM header.", "{device} の {all} 件中 {n} 件は EMBLEM ヘッダです。"},
    [MSGT_F_NO_TAG] = {"{n} of {all} syslog message{s} of {device} {have} no FTD or ASA tag.", "{device} の syslog {all} 件中 {n} 件に FTD/ASA のタグがありません。"},
    [MSGT_F_UNKNOWN_ID] = {"{n} of {all} message{s} of {device} {have} an ID that the catalogue does not know.", "{device} の {all} 件中 {n} 件の ID がカタログにありません。"},
    [MSGT_F_TEMPLATE_MISMATCH] = {"{n} of {all} message{s} of {device} {are} outside every template of the ID.", "{device} の {all} 件中 {n} 件が ID のどのテンプレートにも合いません。"},
    [MSGT_F_SEVERITY_MISMATCH] = {"{n} of {all} message{s} of {device} {have} another severity in the priority than in the tag.", "{device} の {all} 件中 {n} 件で優先度とタグの重大度が異なります。"},
    [MSGT_F_SEVERITY_CHANGED] = {"{n} of {all} message{s} of {device} {have} another severity than the documented one, as `logging message` can set it.", "{device} の {all} 件中 {n} 件の重大度が文書と異なります (`logging message` で設定可能)。"},
    [MSGT_F_MULTIPLE_MESSAGES] = {"{n} of {all} message{s} of {device} came in a datagram with others: most collectors take the datagram as one message.", "{device} の {all} 件中 {n} 件がほかとデータグラムを共有しています。多くのコレクタはデータグラム全体を 1 メッセージとして扱います。"},
    [MSGT_F_NON_UTF8] = {"{n} of {all} message{s} of {device} {have} octets that are no UTF-8.", "{device} の {all} 件中 {n} 件に UTF-8 でないオクテットがあります。"},
    [MSGT_F_CONTROL_BYTES] = {"{n} of {all} message{s} of {device} {have} control octets inside the text.", "{device} の {all} 件中 {n} 件の本文に制御文字があります。"},
    [MSGT_F_TRAILING_BYTES] = {"{n} of {all} message{s} of {device} {have} CR, LF or NUL at the end.", "{device} の {all} 件中 {n} 件が CR、LF、NUL で終わります。"},
};

/* Some codes depend on how many of the messages are concerned: a setting concerns all, a fault some. */
static enum check_severity severity_of(const struct device *device, unsigned finding, uint64_t count, uint64_t tagged)
{
    enum check_severity severity = check_code((enum check_code)(CHECK_MESSAGE + finding))->severity;
    if (finding == MSGT_F_NO_TIMESTAMP && count < device->messages)
        return CHECK_WARNING;
    if (finding == MSGT_F_NO_TAG && tagged > 0 && count * 10 < tagged)
        return CHECK_WARNING;
    return severity;
}

static void conclude(struct check *check, const struct device *device)
{
    const struct hit *untagged = device->findings[MSGT_F_NO_TAG];
    for (unsigned i = 0; i < LIMITS; i++)
        conclude_limit(check, device, &limits[i], &device->at_limits[i]);
    uint64_t tagged = device->messages - (untagged ? MIN(untagged->count, device->messages) : 0);
    for (unsigned i = 0; i < MSGT_FINDINGS; i++) {
        const struct hit *hit = device->findings[i];
        if (!hit || hit->count == 0)
            continue;
        if (i == MSGT_F_MESSAGE_TRUNCATED) {
            conclude_truncated(check, device, hit);
            continue;
        }
        struct finding *finding = check_raise(check, (enum check_code)(CHECK_MESSAGE + i), device->name, hit, CHECK_CERTAIN, details[i],
                                              "n", check_number(check, hit->count), "all", check_number(check, device->messages),
                                              "device", device->name, NULL);
        finding->severity = severity_of(device, i, hit->count, tagged);
    }
}

static void finish(struct check *check, void *user)
{
    (void)user;
    check_all_devices(check, conclude);
}

const struct check_family check_message = {.crowd = true, .record = record, .finish = finish};
