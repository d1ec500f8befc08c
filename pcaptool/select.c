/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "select.h"

#include "wanted.h"
#include "where.h"

struct id_range {
    uint32_t first, last;
};

struct selection {
    GArray *ids, *devices, *where;
    unsigned severities, statuses; /* bits; 0: any */
    bool asked; /* for anything at all */
};

struct selection *selection_new(void)
{
    struct selection *s = g_new0(struct selection, 1);
    s->ids = g_array_new(FALSE, TRUE, sizeof(struct id_range));
    s->devices = wanted_new();
    s->where = where_new();
    return s;
}

void selection_free(struct selection *s)
{
    g_array_unref(s->ids);
    g_array_unref(s->devices);
    g_array_unref(s->where);
    g_free(s);
}

/* ---- Reading the options ---- */

/* A number, or one of the names; -1 when it is neither. */
static int number_or_name(const char *text, unsigned max, bool (*is_name)(unsigned, const char *))
{
    guint64 number;
    if (g_ascii_string_to_unsigned(text, 10, 0, max, &number, NULL))
        return (int)number;
    for (unsigned i = 0; is_name && i <= max; i++)
        if (is_name(i, text))
            return (int)i;
    return -1;
}

/* "a,b-c" with a number or name on each side. Returns bits, 0 when it is wrong. */
static unsigned parse_bits(const char *value, unsigned max, bool ranges, bool (*is_name)(unsigned, const char *))
{
    unsigned bits = 0;
    char **items = g_strsplit(value, ",", 0);
    for (char **item = items; *item; item++) {
        int first = number_or_name(*item, max, is_name), last = first;
        char *dash = first < 0 && ranges ? strchr(*item, '-') : NULL;
        if (dash) {
            *dash = 0;
            first = number_or_name(*item, max, is_name);
            last = number_or_name(dash + 1, max, is_name);
        }
        if (first < 0 || last < 0) {
            bits = 0;
            break;
        }
        for (int i = MIN(first, last); i <= MAX(first, last); i++)
            bits |= 1u << i;
    }
    g_strfreev(items);
    return bits;
}

static bool parse_id(const char *text, uint32_t *id)
{
    guint64 number;
    bool good = strlen(text) == 6 && g_ascii_string_to_unsigned(text, 10, 0, 999999, &number, NULL);
    *id = good ? (uint32_t)number : 0;
    return good;
}

bool selection_parse_ids(const char *value, void (*add)(uint32_t, uint32_t, void *), void *user)
{
    bool good = *value != 0;
    char **items = g_strsplit(value, ",", 0);
    for (char **item = items; good && *item; item++) {
        char **ends = g_strsplit(*item, "-", 2);
        uint32_t first = 0, last = 0;
        good = ends[0] && parse_id(ends[0], &first) && parse_id(ends[1] ? ends[1] : ends[0], &last);
        if (good)
            add(MIN(first, last), MAX(first, last), user);
        g_strfreev(ends);
    }
    g_strfreev(items);
    return good;
}

static void add_range(uint32_t first, uint32_t last, void *user)
{
    struct selection *s = user;
    struct id_range range = {first, last};
    s->asked = true;
    g_array_append_val(s->ids, range);
}

char *selection_add_ids(struct selection *s, const char *value)
{
    if (selection_parse_ids(value, add_range, s))
        return NULL;
    return g_strdup_printf("--id=%s: message IDs have six digits, as in 722051,725001-725022", value);
}

/* By our own name, by that of `logging trap`, or by those of syslog.conf. */
static bool is_severity(unsigned severity, const char *name)
{
    static const char *const others[8][3] = {
        {"emergencies", "emerg", "panic"}, {"alerts"}, {"crit"}, {"errors", "err"}, {"warnings", "warn"}, {"notifications"}, {"informational"}, {"debugging"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others[severity]) && others[severity][i]; i++)
        if (g_ascii_strcasecmp(others[severity][i], name) == 0)
            return true;
    return g_ascii_strcasecmp(msgt_severity_name(severity, MSGT_EN), name) == 0;
}

static bool is_status(unsigned status, const char *name) { return g_ascii_strcasecmp(msgt_status_name((enum msgt_status)status), name) == 0; }

char *selection_add_severity(struct selection *s, const char *value)
{
    unsigned bits = parse_bits(value, 7, true, is_severity);
    s->severities |= bits;
    s->asked = true;
    return bits ? NULL : g_strdup_printf("--severity=%s: severities are 0 to 7 or emergency, alert, critical, error, warning, notice, info, debug, as in 0-4 or error,warning", value);
}

char *selection_add_status(struct selection *s, const char *value)
{
    unsigned bits = parse_bits(value, MSGT_STATUSES - 1, false, is_status);
    s->statuses |= bits;
    s->asked = true;
    return bits ? NULL : g_strdup_printf("--status=%s: a status is ok, partial, truncated, unknown-id or no-tag", value);
}

static char *empty_device(void) { return g_strdup("--device: a name is empty; expected names, addresses or networks, as in fw1,192.0.2.0/24"); }

char *selection_add_device(struct selection *s, const char *value)
{
    char **names = g_strsplit(value, ",", 0), *wrong = NULL;
    s->asked = true;
    if (!*names)
        wrong = empty_device();
    for (char **name = names; *name && !wrong; name++) {
        if (**name == 0)
            wrong = empty_device();
        else if (!wanted_add(s->devices, *name))
            wrong = wanted_refuse("device", *name);
    }
    g_strfreev(names);
    return wrong;
}

char *selection_add_where(struct selection *s, const char *value)
{
    s->asked = true;
    return where_add(s->where, value);
}

char *selection_bind(struct selection *s, const struct msgt_table *table) { return where_bind(s->where, table); }

bool selection_asked(const struct selection *s) { return s->asked; }

bool selection_compares_texts(const struct selection *s) { return where_compares_texts(s->where); }
bool selection_names_twice(const struct selection *s) { return where_names_twice(s->where); }

bool selection_wants_untagged(const struct selection *s) { return s->statuses & 1u << MSGT_NO_TAG || where_wants_status(s->where, MSGT_NO_TAG); }

bool selection_parts_devices(const struct selection *s) { return s->ids->len || s->severities || s->statuses || s->where->len; }

/* ---- Matching ---- */

static bool id_matches(const struct selection *s, const struct msgt_record *message)
{
    uint32_t id = message->id;
    if (s->ids->len > 0 && message->tag.length == 0)
        return false;
    for (guint i = 0; i < s->ids->len; i++) {
        const struct id_range *range = &g_array_index(s->ids, struct id_range, i);
        if (id >= range->first && id <= range->last)
            return true;
    }
    return s->ids->len == 0;
}

static bool device_matches(const struct selection *s, const struct record *record)
{
    const struct packet *packet = record->datagram->packet;
    struct msgt_span host = record->message.hostname;
    for (guint i = 0; i < s->devices->len; i++) {
        const struct wanted *device = &g_array_index(s->devices, struct wanted, i);
        if (host.length && wanted_text(device, record_octets(record, host.offset), host.length))
            return true;
        if (device->network.version && wanted_address(device, packet->version, packet->src))
            return true;
    }
    return s->devices->len == 0;
}

static bool matches_all(const struct selection *s, const struct record *record)
{
    const struct msgt_record *message = &record->message;
    if (s->severities && (message->severity < 0 || !(s->severities & 1u << message->severity)))
        return false;
    if (s->statuses && !(s->statuses & 1u << message->status))
        return false;
    return id_matches(s, message) && device_matches(s, record) && where_matches(s->where, record);
}

bool selection_matches(const struct selection *s, const struct record *record) { return !s->asked || matches_all(s, record); }
