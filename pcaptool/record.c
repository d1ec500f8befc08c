/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "record.h"

#include "buffer.h"

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

static void from_scratch(struct scalar *value, const struct buffer *scratch) { text(value, value->scratch, scratch->length, SCALAR_PLAIN); }

static void get_file(const struct record *r, struct scalar *v) { text(v, r->datagram->file, strlen(r->datagram->file), SCALAR_ANY); }
static void get_frame(const struct record *r, struct scalar *v) { number(v, (int64_t)r->datagram->frame); }

static void get_time(const struct record *r, struct scalar *v)
{
    const struct datagram *d = r->datagram;
    if (d->precision == 0)
        return;
    struct buffer scratch = scratch_of(v);
    buffer_rfc3339(&scratch, d->seconds, d->nanoseconds, d->precision);
    from_scratch(v, &scratch);
}

static void address(const struct packet *packet, const uint8_t *octets, struct scalar *v)
{
    if (packet->version == 0)
        return;
    struct buffer scratch = scratch_of(v);
    buffer_address(&scratch, packet->version, octets);
    from_scratch(v, &scratch);
}

static void get_src(const struct record *r, struct scalar *v) { address(r->datagram->packet, r->datagram->packet->src, v); }
static void get_dst(const struct record *r, struct scalar *v) { address(r->datagram->packet, r->datagram->packet->dst, v); }
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

/* Minutes east of UTC at that local time, or INT_MIN when no zone is known. */
static int zone_of(const struct view *view, const struct msgt_time *time)
{
    if (time->zone_known)
        return time->zone;
    if (!view->zone)
        return G_MININT;
    int interval = g_time_zone_find_interval(view->zone, G_TIME_TYPE_STANDARD, msgt_time_epoch(time, 0));
    return interval < 0 ? G_MININT : g_time_zone_get_offset(view->zone, interval) / 60;
}

static void get_timestamp_utc(const struct record *r, struct scalar *v)
{
    const struct msgt_time *time = &r->message.time;
    if (!time->valid || time->year == 0)
        return;
    int zone = zone_of(r->view, time);
    if (zone == G_MININT)
        return;
    struct buffer scratch = scratch_of(v);
    buffer_rfc3339(&scratch, msgt_time_epoch(time, zone), time->nanosecond, time->digits);
    from_scratch(v, &scratch);
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
    const char *title = msgt_message(r->view->table, (size_t)r->message.message_index, r->view->lang).title;
    text(v, title, strlen(title), SCALAR_ANY);
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

#define KEY(key) {#key, get_##key, ",\"" #key "\":", sizeof ",\"" #key "\":" - 1}

const struct record_key record_keys[RECORD_KEYS] = {
    KEY(file),
    KEY(frame),
    KEY(time),
    KEY(src),
    KEY(src_port),
    KEY(dst),
    KEY(dst_port),
    KEY(transport),
    KEY(pri),
    KEY(facility),
    KEY(pri_severity),
    KEY(timestamp),
    KEY(timestamp_utc),
    KEY(hostname),
    KEY(product),
    KEY(class),
    KEY(severity),
    KEY(id),
    KEY(title),
    KEY(status),
    KEY(repeat),
    KEY(message),
};

#undef KEY

const struct record_key *record_key(const char *name)
{
    for (size_t i = 0; i < RECORD_KEYS; i++)
        if (strcmp(record_keys[i].name, name) == 0)
            return &record_keys[i];
    return NULL;
}

void view_prepare(struct view *view)
{
    size_t count = msgt_field_count(view->table);
    view->field_keys = g_new0(struct field_key, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct field_key *key = &view->field_keys[i];
        key->text = g_strdup_printf("\"%s\":", msgt_field(view->table, i, MSGT_EN).name);
        key->length = strlen(key->text);
    }
}

void view_clear(struct view *view)
{
    for (struct field_key *key = view->field_keys; key && key->text; key++)
        g_free(key->text);
    g_free(view->field_keys);
    view->field_keys = NULL;
    if (view->zone)
        g_time_zone_unref(view->zone);
    view->zone = NULL;
}

void record_device(const struct record *record, struct scalar *device)
{
    device->kind = SCALAR_NONE;
    get_hostname(record, device);
    if (device->kind == SCALAR_NONE)
        get_src(record, device);
}
