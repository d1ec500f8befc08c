/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ecs_names.h"

#include <glib.h>
#include <string.h>

#include "json.h"

static const char *const common_names[ECS_COMMON] = {
    [ECS_TIMESTAMP] = "@timestamp",
    [ECS_VERSION] = "ecs.version",
    [ECS_EVENT_CODE] = "event.code",
    [ECS_EVENT_CREATED] = "event.created",
    [ECS_EVENT_DATASET] = "event.dataset",
    [ECS_EVENT_KIND] = "event.kind",
    [ECS_EVENT_MODULE] = "event.module",
    [ECS_EVENT_SEVERITY] = "event.severity",
    [ECS_LOG_LEVEL] = "log.level",
    [ECS_SYSLOG_FACILITY] = "log.syslog.facility.code",
    [ECS_SYSLOG_PRIORITY] = "log.syslog.priority",
    [ECS_SYSLOG_SEVERITY] = "log.syslog.severity.code",
    [ECS_MESSAGE] = "message",
    [ECS_OBSERVER_HOSTNAME] = "observer.hostname",
    [ECS_OBSERVER_IP] = "observer.ip",
    [ECS_OBSERVER_PRODUCT] = "observer.product",
    [ECS_OBSERVER_TYPE] = "observer.type",
    [ECS_OBSERVER_VENDOR] = "observer.vendor",
    [ECS_RELATED_IP] = "related.ip",
    [ECS_RELATED_USER] = "related.user",
    [ECS_TAGS] = "tags",
    [ECS_USER_NAME] = "user.name",
};

static const struct {
    enum ecs_common name;
    const char *value;
} constants[] = {
    {ECS_VERSION, "8.11.0"}, {ECS_EVENT_KIND, "event"}, {ECS_EVENT_MODULE, "cisco"}, {ECS_OBSERVER_TYPE, "firewall"}, {ECS_OBSERVER_VENDOR, "Cisco"},
};

/* What ECS says of some names beyond that they are text. */
static const struct rule {
    const char *name;
    enum ecs_form form;
} rules[] = {
    {"observer.ip", ECS_LIST},          {"dns.resolved_ip", ECS_LIST}, {"related.ip", ECS_LIST},
    {"related.user", ECS_LIST},         {"tags", ECS_LIST},            {"tls.client.x509.public_key_size", ECS_NUMBER},
    {"network.transport", ECS_LOWER},   {"network.protocol", ECS_LOWER},
};

static enum ecs_form form_of(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        if (strcmp(rules[i].name, name) == 0)
            return rules[i].form;
    return g_str_has_suffix(name, ".port") ? ECS_NUMBER : ECS_TEXT;
}

/* ---- Collecting and sorting ---- */

static void own_name(GString *name, const struct msgt_field *field) { g_string_printf(name, "ftd.%s", field->name); }

static bool address_name(GString *name, const struct msgt_field *field)
{
    bool ip = g_str_has_suffix(field->ecs, ".ip");
    g_string_assign(name, field->ecs);
    if (ip)
        g_string_append(g_string_truncate(name, name->len - 2), "address");
    return ip;
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All of them, sorted, each once; the array owns the strings. */
static GPtrArray *collect(const struct msgt_table *table)
{
    GPtrArray *all = g_ptr_array_new(), *once = g_ptr_array_new_with_free_func(g_free);
    GString *name = g_string_new(NULL);
    for (size_t i = 0; i < ECS_COMMON; i++)
        g_ptr_array_add(all, g_strdup(common_names[i]));
    for (size_t i = 0; i < msgt_field_count(table); i++) {
        struct msgt_field field = msgt_field(table, i, MSGT_EN);
        own_name(name, &field);
        g_ptr_array_add(all, g_strdup(name->str));
        if (*field.ecs)
            g_ptr_array_add(all, g_strdup(field.ecs));
        if (*field.ecs && address_name(name, &field))
            g_ptr_array_add(all, g_strdup(name->str));
    }
    g_ptr_array_sort(all, by_name);
    for (guint i = 0; i < all->len; i++) {
        char *text = all->pdata[i];
        if (once->len && strcmp(once->pdata[once->len - 1], text) == 0)
            g_free(text);
        else
            g_ptr_array_add(once, text);
    }
    g_ptr_array_free(all, TRUE);
    g_string_free(name, TRUE);
    return once;
}

static uint32_t rank_of(const struct ecs_names *names, const char *text)
{
    size_t low = 0, high = names->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(names->names[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* ---- Writing ---- */

/* Objects that both stand in: they share what is in front of a dot. */
static unsigned shared_objects(const char *a, const char *b)
{
    unsigned shared = 0;
    for (; *a && *a == *b; a++, b++)
        shared += *a == '.';
    return shared;
}

static void render(struct ecs_names *names, uint32_t rank)
{
    struct ecs_name *name = &names->names[rank];
    const struct ecs_name *before = rank ? name - 1 : NULL;
    unsigned shared = before ? shared_objects(before->text, name->text) : 0;
    char **parts = g_strsplit(name->text, ".", 0);
    struct buffer json = {0};
    name->depth = g_strv_length(parts) - 1;
    name->levels = g_new(struct ecs_level, name->depth);
    for (unsigned i = 0; i <= name->depth; i++) {
        json_string(&json, parts[i], strlen(parts[i]));
        buffer_text(&json, i < name->depth ? ":{" : ":");
        if (i < name->depth)
            name->levels[i] = (struct ecs_level){i < shared ? before->levels[i].object : rank, (uint32_t)json.length};
    }
    for (size_t i = 0; i < G_N_ELEMENTS(constants); i++) {
        if (strcmp(name->text, common_names[constants[i].name]) != 0)
            continue;
        json_string(&json, constants[i].value, strlen(constants[i].value));
        name->constant = true;
    }
    name->form = form_of(name->text);
    name->last = rank;
    name->json = json.data;
    name->length = json.length;
    names->longest = MAX(names->longest, name->length);
    g_strfreev(parts);
}

char *ecs_put_name(char *to, const struct ecs_name *previous, const struct ecs_name *name)
{
    unsigned shared = 0;
    while (shared < previous->depth && shared < name->depth && previous->levels[shared].object == name->levels[shared].object)
        shared++;
    for (unsigned i = shared; i < previous->depth; i++)
        *to++ = '}';
    *to++ = ',';
    size_t from = shared ? name->levels[shared - 1].inside : 0;
    memcpy(to, name->json + from, name->length - from);
    return to + name->length - from;
}

/* Whether nothing can stand between two common names. */
static bool adjoin(const struct ecs_names *names, enum ecs_common first, enum ecs_common second)
{
    return names->common[second] == names->common[first] + 1;
}

/* Behind the common name FIRST stand the constants that follow at once, whose own tails are known. */
static void join_constants(struct ecs_names *names, enum ecs_common first)
{
    struct ecs_name *name = &names->names[names->common[first]];
    if (first + 1 == ECS_COMMON || !adjoin(names, first, first + 1))
        return;
    const struct ecs_name *next = &names->names[names->common[first + 1]];
    if (!next->constant)
        return;
    name->tail = g_malloc0(names->longest + next->tail_length + 2 * COPY_STEP);
    char *end = ecs_put_name(name->tail, name, next);
    memcpy(end, next->tail_length ? next->tail : "", next->tail_length);
    name->tail_length = (size_t)(end - name->tail) + next->tail_length;
    name->last = next->last;
    names->tails += name->tail_length + COPY_STEP;
}

static void prepare_priorities(struct ecs_names *names)
{
    const struct ecs_name *facility = &names->names[names->common[ECS_SYSLOG_FACILITY]];
    const struct ecs_name *priority = &names->names[names->common[ECS_SYSLOG_PRIORITY]];
    const struct ecs_name *severity = &names->names[names->common[ECS_SYSLOG_SEVERITY]];
    bool whole = adjoin(names, ECS_SYSLOG_FACILITY, ECS_SYSLOG_PRIORITY) && adjoin(names, ECS_SYSLOG_PRIORITY, ECS_SYSLOG_SEVERITY);
    for (unsigned i = 0; whole && i < G_N_ELEMENTS(names->priorities); i++) {
        struct ecs_priority *row = &names->priorities[i];
        char *to = put_uint(row->text, i >> 3);
        to = put_uint(ecs_put_name(to, facility, priority), i);
        to = put_uint(ecs_put_name(to, priority, severity), i & 7);
        row->length = (size_t)(to - row->text);
    }
}

static struct ecs_field find_field(const struct ecs_names *names, const struct msgt_field *field, GString *name)
{
    struct ecs_field found = {.mapped = ECS_NO_NAME, .address = ECS_NO_NAME};
    own_name(name, field);
    found.own = rank_of(names, name->str);
    if (!*field->ecs)
        return found;
    address_name(name, field);
    found.mapped = rank_of(names, field->ecs);
    found.address = rank_of(names, name->str);
    return found;
}

struct ecs_names *ecs_names_new(const struct msgt_table *table)
{
    struct ecs_names *names = g_new0(struct ecs_names, 1);
    GPtrArray *texts = collect(table);
    GString *name = g_string_new(NULL);
    names->count = texts->len;
    names->names = g_new0(struct ecs_name, names->count);
    names->fields = g_new(struct ecs_field, msgt_field_count(table));
    for (uint32_t i = 0; i < names->count; i++) {
        names->names[i].text = g_strdup(texts->pdata[i]);
        render(names, i);
    }
    for (size_t i = 0; i < ECS_COMMON; i++)
        names->common_bits |= ecs_bit(names->common[i] = rank_of(names, common_names[i]));
    for (size_t i = ECS_COMMON; i-- > 0;)
        join_constants(names, (enum ecs_common)i);
    prepare_priorities(names);
    for (size_t i = 0; i < msgt_field_count(table); i++) {
        struct msgt_field field = msgt_field(table, i, MSGT_EN);
        names->fields[i] = find_field(names, &field, name);
    }
    names->time = record_key("time");
    names->device_time = record_key("timestamp_utc");
    names->source = record_key("src");
    g_string_free(name, TRUE);
    g_ptr_array_unref(texts);
    return names;
}

void ecs_names_free(struct ecs_names *names)
{
    if (!names)
        return;
    for (size_t i = 0; i < names->count; i++) {
        g_free(names->names[i].text);
        g_free(names->names[i].levels);
        g_free(names->names[i].tail);
        struct buffer json = {.data = names->names[i].json};
        buffer_free(&json);
    }
    g_free(names->names);
    g_free(names->fields);
    g_free(names);
}
