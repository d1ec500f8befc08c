/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "record.h"

#include <stdlib.h>
#include <time.h>

#include "buffer.h"
#include "capture.h"
#include "json.h"
#include "memory.h"
#include "text.h"

static void number(struct scalar *value, int64_t n)
{
    value->kind = SCALAR_NUMBER;
    value->number = n;
}

static void text(struct scalar *value, const char *octets, size_t length, enum scalar_origin origin)
{
    value->kind = length ? SCALAR_TEXT : SCALAR_NONE;
    value->text = octets;
    value->length = length;
    value->origin = origin;
}

static void span(const struct record *record, struct msgt_span span, struct scalar *value)
{
    text(value, record_octets(record, span.offset), span.length, SCALAR_WIRE);
}

/* The scratch room as a buffer that never has to grow. */
static struct buffer scratch_of(struct scalar *value)
{
    return (struct buffer){.data = value->scratch, .capacity = sizeof value->scratch};
}

static void from_scratch(struct scalar *value, const struct buffer *scratch) { text(value, value->scratch, scratch->length, SCALAR_BARE); }

static void get_file(const struct record *r, struct scalar *v) { text(v, r->datagram->file, strlen(r->datagram->file), SCALAR_ANY); }
static void get_frame(const struct record *r, struct scalar *v) { number(v, (int64_t)r->datagram->frame); }

/* To a cell a year before ours is a formula. */
static enum scalar_origin origin_of_time(const char *text) { return *text == '-' ? SCALAR_PLAIN : SCALAR_BARE; }

/* The fraction behind the second that is known. */
static inline void moment_within(struct moment *known, uint32_t nanoseconds, unsigned digits, struct scalar *v)
{
    char *end = known->text + known->length;
    if (digits > 0)
        end = put_fraction(end, nanoseconds, digits);
    *end = 'Z';
    v->kind = SCALAR_TEXT;
    v->text = known->text;
    v->length = (size_t)(end + 1 - known->text);
    v->origin = origin_of_time(known->text);
}

/* Of another second, or without memory. A year of nine digits and its sign fit, too. */
static __attribute__((noinline)) void moment_anew(struct moment *memory, int64_t second, uint32_t nanoseconds, unsigned digits, struct scalar *v)
{
    struct buffer scratch = scratch_of(v);
    if (!memory) {
        buffer_rfc3339(&scratch, second, nanoseconds, digits);
        text(v, v->scratch, scratch.length, origin_of_time(v->scratch));
        return;
    }
    buffer_rfc3339(&scratch, second, 0, 0);
    memory->second = second;
    memory->length = scratch.length - 1; /* less the Z */
    memcpy(memory->text, v->scratch, memory->length);
    moment_within(memory, nanoseconds, digits, v);
}

/* RFC 3339; the part up to the second is rendered where it changes. */
static inline void moment(struct moment *memory, int64_t second, uint32_t nanoseconds, unsigned digits, struct scalar *v)
{
    if (memory && moment_is(memory, second))
        moment_within(memory, nanoseconds, digits, v);
    else
        moment_anew(memory, second, nanoseconds, digits, v);
}

static void get_time(const struct record *r, struct scalar *v)
{
    const struct datagram *d = r->datagram;
    if (d->precision > 0)
        moment(r->memory ? &r->memory->captured : NULL, d->seconds, d->nanoseconds, d->precision, v);
}

static struct address_text *remembered(struct record_memory *memory, const uint8_t *octets)
{
    uint32_t words[4];
    memcpy(words, octets, sizeof words);
    uint32_t hash = (words[0] ^ words[1] ^ words[2] ^ words[3]) * UINT32_C(2654435769);
    return &memory->addresses[hash / (UINT32_MAX / ADDRESSES + 1)]; /* its upper bits depend on all octets */
}

/* IPv4 addresses stand in 16 octets, too, with zeros behind them. */
static void address(const struct record *r, const uint8_t *octets, struct scalar *v)
{
    const struct packet *packet = r->datagram->packet;
    struct address_text *known = r->memory ? remembered(r->memory, octets) : NULL;
    if (packet->version == 0)
        return;
    if (known && known->version == packet->version && memcmp(known->octets, octets, sizeof known->octets) == 0) {
        memcpy(v->scratch, known->text, sizeof known->text);
        text(v, v->scratch, known->length, SCALAR_BARE);
        return;
    }
    struct buffer scratch = scratch_of(v);
    buffer_address(&scratch, packet->version, octets);
    from_scratch(v, &scratch);
    if (!known)
        return;
    known->version = packet->version;
    known->length = (uint8_t)scratch.length;
    memcpy(known->octets, octets, sizeof known->octets);
    memcpy(known->text, v->scratch, sizeof known->text);
}

static void get_src(const struct record *r, struct scalar *v) { address(r, r->datagram->packet->src, v); }
static void get_dst(const struct record *r, struct scalar *v) { address(r, r->datagram->packet->dst, v); }
static void get_src_port(const struct record *r, struct scalar *v) { number(v, r->datagram->packet->src_port); }
static void get_dst_port(const struct record *r, struct scalar *v) { number(v, r->datagram->packet->dst_port); }

static void get_transport(const struct record *r, struct scalar *v)
{
    text(v, r->datagram->packet->kind == PACKET_TCP ? "tcp" : "udp", 3, SCALAR_PLAIN);
}

static void get_pri(const struct record *r, struct scalar *v)
{
    if (r->message.pri >= 0)
        number(v, r->message.pri);
}

static void get_facility(const struct record *r, struct scalar *v)
{
    if (r->message.pri >= 0)
        number(v, r->message.pri >> 3);
}

static void get_pri_severity(const struct record *r, struct scalar *v)
{
    if (r->message.pri >= 0)
        number(v, r->message.pri & 7);
}

static void get_timestamp(const struct record *r, struct scalar *v) { span(r, r->message.timestamp, v); }

/* Minutes east of UTC at that local time, or INT_MIN when the zone does not tell. */
static int zone_of(const struct view *view, const struct msgt_time *time)
{
    if (time->zone_known)
        return time->zone;
    int interval = g_time_zone_find_interval(view->zone, G_TIME_TYPE_STANDARD, msgt_time_epoch(time, 0));
    return interval < 0 ? G_MININT : g_time_zone_get_offset(view->zone, interval) / 60;
}

static void get_timestamp_utc(const struct record *r, struct scalar *v)
{
    const struct msgt_time *time = &r->message.time;
    if (!record_may_have_utc(r))
        return;
    int zone = zone_of(r->view, time);
    if (zone == G_MININT)
        return;
    moment(r->memory ? &r->memory->device : NULL, msgt_time_epoch(time, zone), time->nanosecond, time->digits, v);
}

static void get_hostname(const struct record *r, struct scalar *v) { span(r, r->message.hostname, v); }
static void get_product(const struct record *r, struct scalar *v) { span(r, r->message.product, v); }
static void get_class(const struct record *r, struct scalar *v) { span(r, r->message.class_word, v); }

static void get_severity(const struct record *r, struct scalar *v)
{
    if (r->message.severity >= 0)
        number(v, r->message.severity);
}

static void get_id(const struct record *r, struct scalar *v)
{
    if (r->message.tag.length)
        number(v, r->message.id);
}

static void get_title(const struct record *r, struct scalar *v)
{
    if (r->message.message_index < 0)
        return;
    const struct title *title = title_of_message(r->view, r->message.message_index);
    text(v, title->text, title->length, title->plain ? SCALAR_PLAIN : SCALAR_ANY);
}

static void get_status(const struct record *r, struct scalar *v)
{
    const char *name = msgt_status_name(r->message.status);
    text(v, name, strlen(name), SCALAR_PLAIN);
}

static void get_repeat(const struct record *r, struct scalar *v)
{
    if (r->message.repeat)
        number(v, r->message.repeat);
}

static void get_message(const struct record *r, struct scalar *v) { span(r, r->message.message, v); }

#define KEY(number, key, scope, type) [KEY_##number] = {#key, get_##key, SCOPE_##scope, MSGT_##type, ",\"" #key "\":", sizeof ",\"" #key "\":" - 1}

const struct record_key record_keys[RECORD_KEYS] = {
    KEY(FILE, file, FILE, TEXT),
    KEY(FRAME, frame, RECORD, COUNT),
    KEY(TIME, time, RECORD, TEXT),
    KEY(SRC, src, FLOW, IP),
    KEY(SRC_PORT, src_port, FLOW, PORT),
    KEY(DST, dst, FLOW, IP),
    KEY(DST_PORT, dst_port, FLOW, PORT),
    KEY(TRANSPORT, transport, FLOW, TEXT),
    KEY(PRI, pri, FLOW, COUNT),
    KEY(FACILITY, facility, FLOW, COUNT),
    KEY(PRI_SEVERITY, pri_severity, FLOW, COUNT),
    KEY(TIMESTAMP, timestamp, RECORD, TEXT),
    KEY(TIMESTAMP_UTC, timestamp_utc, RECORD, TEXT),
    KEY(HOSTNAME, hostname, RECORD, TEXT),
    KEY(PRODUCT, product, RECORD, TEXT),
    KEY(CLASS, class, RECORD, TEXT),
    KEY(SEVERITY, severity, KIND, COUNT),
    KEY(ID, id, KIND, COUNT),
    KEY(TITLE, title, KIND, TEXT),
    KEY(STATUS, status, KIND, TEXT),
    KEY(REPEAT, repeat, RECORD, COUNT),
    KEY(MESSAGE, message, RECORD, TEXT),
};

#undef KEY

/* ---- What was rendered before ---- */

/* What a scope's keys depend on goes into the words of an ID, all zero before. Returns a number that spreads well. */
static uint32_t identify_file(const struct record *record, uint64_t *words)
{
    words[0] = (uintptr_t)record->datagram->file;
    return 0;
}

static uint32_t identify_flow(const struct record *record, uint64_t *words)
{
    const struct packet *packet = record->datagram->packet;
    memcpy(words, packet->src, sizeof packet->src);
    memcpy(words + 2, packet->dst, sizeof packet->dst);
    words[4] |= (uint64_t)packet->src_port << 48 | (uint64_t)packet->dst_port << 32 | (uint32_t)packet->kind << 28 | (uint32_t)packet->version << 24 |
                (uint32_t)(record->message.pri + 1) << 16;
    return (uint32_t)(((words[0] ^ words[1] ^ words[2] ^ words[3] ^ words[4]) * UINT64_C(0x9e3779b97f4a7c15)) >> 54);
}

static uint32_t identify_kind(const struct record *record, uint64_t *words)
{
    const struct msgt_record *m = &record->message;
    words[0] = (uint64_t)m->id << 32 | (uint32_t)m->status << 16 | (uint32_t)(m->severity & 15) << 8 | (m->tag.length > 0);
    return (uint32_t)(m->message_index + 1);
}

enum { PARTS_MOST = 1 << 12 }; /* that an ID has room for */

static const struct scope_row {
    uint32_t (*identify)(const struct record *record, uint64_t *words);
    uint16_t slots, first; /* how many, a power of 2, and from which of the memory's on */
} scopes[] = {
    [SCOPE_FILE] = {identify_file, 16, 0},
    [SCOPE_FLOW] = {identify_flow, 256, 16},
    [SCOPE_KIND] = {identify_kind, 512, 272},
};

enum { VALUES_FIRST = 784, VALUES = 256 };
_Static_assert(16 + 256 + 512 == VALUES_FIRST && VALUES_FIRST + VALUES == MEMOS, "the scopes and the values share the memory");

struct memo *record_memo(const struct record *record, enum record_scope scope, unsigned part, struct memo_id *id)
{
    if (scope == SCOPE_RECORD || !record->memory || part >= PARTS_MOST)
        return NULL;
    const struct scope_row *row = &scopes[scope];
    *id = (struct memo_id){{0, 0, 0, 0, (unsigned)scope | part << 4}};
    uint32_t number = row->identify(record, id->words);
    return &record->memory->memos[row->first + ((number + part) & (row->slots - 1u))];
}

enum { VALUE_WORDS = MEMO_WORDS - 1, VALUE_MOST = 8 * VALUE_WORDS };
_Static_assert((int)VALUE_MOST <= (int)FRAME_SPARE && (int)COPY_STEP <= (int)FRAME_SPARE, "what may be read behind a datagram");

/* The octets of a value, and zeros. In whole words: what is copied in parts is not read at once. */
static inline void words_of_value(const struct record *record, const struct msgt_value *value, uint64_t words[VALUE_WORDS])
{
    static const uint8_t masks[2 * VALUE_MOST] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
                                                 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
    const char *octets = record_octets(record, value->offset);
    for (unsigned i = 0; i < VALUE_WORDS; i++) {
        uint64_t mask;
        memcpy(&mask, masks + VALUE_MOST - value->length + 8 * i, sizeof mask);
        memcpy(&words[i], octets + 8 * i, sizeof words[i]);
        words[i] &= mask;
    }
}

struct memo *record_memo_of_value(const struct record *record, const struct msgt_value *value, unsigned part, struct memo_id *id)
{
    if (!record->memory || value->length > VALUE_MOST)
        return NULL;
    uint64_t *words = id->words;
    words_of_value(record, value, words);
    words[VALUE_WORDS] = (uint64_t)(record->message.message_index + 1) << 32 | (uint32_t)value->field << 16 | value->length << 8 | part;
    uint64_t mixed = words[VALUE_WORDS] * 3; /* not the same as what it may stand beside */
    for (unsigned i = 0; i < VALUE_WORDS; i++)
        mixed ^= words[i];
    return &record->memory->memos[VALUES_FIRST + (mixed * UINT64_C(0x9e3779b97f4a7c15) >> 32) % VALUES];
}

const struct record_key *record_key(const char *name)
{
    for (size_t i = 0; i < RECORD_KEYS; i++)
        if (strcmp(record_keys[i].name, name) == 0)
            return &record_keys[i];
    return NULL;
}

const char *record_field_only(const char *name)
{
    static const char prefix[] = "fields.";
    return strncmp(name, prefix, sizeof prefix - 1) == 0 ? name + sizeof prefix - 1 : NULL;
}

static bool is_coded(const struct msgt_table *table, uint16_t field)
{
    bool coded = false;
    for (size_t message = 0; !coded && message < msgt_message_count(table); message++)
        coded = msgt_enum_of(table, message, field) != MSGT_NONE;
    return coded;
}

uint16_t record_field(const struct msgt_table *table, const char *name, bool *meaning)
{
    static const char suffix[] = "_text";
    uint16_t field = msgt_field_index(table, name);
    *meaning = false;
    if (field == MSGT_NONE && g_str_has_suffix(name, suffix)) {
        char *coded = g_strndup(name, strlen(name) - (sizeof suffix - 1));
        field = msgt_field_index(table, coded);
        g_free(coded);
        *meaning = field != MSGT_NONE && is_coded(table, field);
        field = *meaning ? field : MSGT_NONE;
    }
    return field;
}

const char *record_meaning(const struct record *record, const struct msgt_value *value)
{
    return msgt_meaning(record->view->table, &record->message, record->datagram->octets, value, record->view->lang);
}

/* A string that may be read in steps, also from its second octet on; to free. */
static char *in_steps(const struct buffer *text)
{
    char *room = memory_new((text->length + COPY_STEP) / COPY_STEP * COPY_STEP + 1);
    memcpy(room, text->data, text->length);
    return room;
}

/* ,"name": */
static char *field_key(struct buffer *scratch, const char *name, const char *quote)
{
    scratch->length = 0;
    buffer_char(scratch, ',');
    buffer_text(scratch, quote);
    buffer_text(scratch, name);
    buffer_text(scratch, quote);
    buffer_char(scratch, ':');
    return in_steps(scratch);
}

static void prepare_keys(struct view *view, struct buffer *scratch)
{
    size_t count = msgt_field_count(view->table);
    view->field_keys = g_new0(struct field_key, count + 1);
    view->key_most = KEY_ROOM;
    for (size_t i = 0; i < count; i++) {
        struct field_key *key = &view->field_keys[i];
        const char *name = msgt_field(view->table, i, MSGT_EN).name;
        key->doubled = field_key(scratch, name, "\"\"");
        view->key_most = MAX(view->key_most, scratch->length);
        key->text = field_key(scratch, name, "\"");
        key->length = scratch->length;
    }
}

static void title_free(struct title *title)
{
    free(title->json);
    free(title->cell);
    free(title);
}

static uint64_t coded_fields(const struct msgt_table *table, size_t message)
{
    uint16_t fields[MSGT_VALUES_MAX];
    size_t count = msgt_message_fields(table, message, fields, MSGT_VALUES_MAX);
    uint64_t coded = count == MSGT_VALUES_MAX ? UINT64_MAX : 0; /* perhaps not all of them */
    for (size_t i = 0; i < count; i++)
        if (msgt_enum_of(table, message, fields[i]) != MSGT_NONE)
            coded |= field_bit(fields[i]);
    return coded;
}

const struct title *title_make(const struct view *view, int index)
{
    const struct msgt_message message = msgt_message(view->table, (size_t)index, view->lang);
    struct title *title = memory_new(sizeof *title);
    struct buffer scratch = {0};
    title->text = message.title;
    title->length = strlen(message.title);
    title->plain = text_plain_run((const uint8_t *)title->text, title->length) == title->length;
    title->coded = coded_fields(view->table, (size_t)index);
    title->repeats = msgt_message_repeats(view->table, (size_t)index);
    text_padded(&scratch, title->text, TITLE_WIDTH);
    title->cell = in_steps(&scratch);
    title->cell_length = scratch.length;
    scratch.length = 0;
    buffer_octets(&scratch, record_keys[KEY_ID].json, record_keys[KEY_ID].json_length);
    buffer_uint(&scratch, message.id);
    buffer_octets(&scratch, record_keys[KEY_TITLE].json, record_keys[KEY_TITLE].json_length);
    json_string(&scratch, title->text, title->length);
    title->json = in_steps(&scratch);
    title->json_length = scratch.length;
    buffer_free(&scratch);
    g_assert(title->json_length <= TITLE_MOST && title->cell_length <= TITLE_MOST);
    if (g_atomic_pointer_compare_and_exchange(&view->titles[index], NULL, title))
        return title;
    title_free(title); /* another thread was faster */
    return g_atomic_pointer_get(&view->titles[index]);
}

static void prepare_statuses(struct view *view)
{
    for (unsigned i = 0; i < MSGT_STATUSES; i++) {
        struct status_key *key = &view->statuses[i];
        int length = g_snprintf(key->json, sizeof key->json, "%s\"%s\"", record_keys[KEY_STATUS].json, msgt_status_name((enum msgt_status)i));
        key->length = (size_t)length;
    }
}

void view_prepare(struct view *view)
{
    struct buffer scratch = {0};
    prepare_statuses(view);
    prepare_keys(view, &scratch);
    view->titles = g_new0(struct title *, msgt_message_count(view->table) + 1);
    buffer_free(&scratch);
}

void view_clear(struct view *view)
{
    for (struct field_key *key = view->field_keys; key && key->text; key++) {
        free(key->text);
        free(key->doubled);
    }
    for (size_t i = 0; view->titles && i < msgt_message_count(view->table); i++)
        if (view->titles[i])
            title_free(view->titles[i]);
    g_free(view->field_keys);
    g_free(view->titles);
    view->field_keys = NULL;
    view->titles = NULL;
    if (view->zone)
        g_time_zone_unref(view->zone);
    view->zone = NULL;
}

int64_t view_seconds(const struct view *view, int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm local;
    if (view->utc || !localtime_r(&t, &local)) /* fails for years beyond its range */
        return seconds;
    return seconds + local.tm_gmtoff;
}

void view_clock(const struct view *view, struct buffer *buffer, int64_t time)
{
    buffer_clock(buffer, view_seconds(view, whole_seconds(time)), 0, 0);
    buffer_text(buffer, view->utc ? " UTC" : "");
}

void view_moment(const struct view *view, struct buffer *buffer, int64_t time)
{
    buffer_date(buffer, view_seconds(view, whole_seconds(time)));
    buffer_char(buffer, ' ');
    view_clock(view, buffer, time);
}

void view_within(const struct view *view, struct buffer *buffer, int64_t time, int64_t from, int64_t to)
{
    const int64_t day = INT64_C(86400) * NANOSECONDS;
    (to - from < day ? view_clock : view_moment)(view, buffer, time);
}

void record_device(const struct record *record, struct scalar *device)
{
    device->kind = SCALAR_NONE;
    get_hostname(record, device);
    if (device->kind == SCALAR_NONE)
        get_src(record, device);
}
