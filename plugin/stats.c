/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stats.h"

#include <epan/stats_tree.h>
#include <epan/tap.h>

#include "fields.h"

/* What the tap carries. Strings are from the frame's pool: the tree copies them. */
struct counted {
    const char *id, *severity, *device, *status, *user;
};

/* One branch for each question; a message without an answer is left out of that branch. */
static struct branch {
    const char *name;
    size_t answer; /* offset of the string in struct counted */
    int node;
} branches[] = {
    {"By message", offsetof(struct counted, id), 0},    {"By severity", offsetof(struct counted, severity), 0},
    {"By device", offsetof(struct counted, device), 0}, {"By status", offsetof(struct counted, status), 0},
    {"By user", offsetof(struct counted, user), 0},
};

static int tap;

static void start(stats_tree *tree)
{
    for (size_t i = 0; i < G_N_ELEMENTS(branches); i++)
        branches[i].node = stats_tree_create_pivot(tree, branches[i].name, 0);
}

static tap_packet_status count(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
                               tap_flags_t flags _U_)
{
    for (size_t i = 0; i < G_N_ELEMENTS(branches); i++) {
        const char *answer = *(const char *const *)(const void *)((const char *)data + branches[i].answer);
        if (answer && *answer)
            stats_tree_tick_pivot(tree, branches[i].node, answer);
    }
    return TAP_PACKET_REDRAW;
}

void stats_register(void) { tap = register_tap("ftd"); }

void stats_hand_off(void) { stats_tree_register_plugin("ftd", "ftd", "Cisco FTD Syslog", 0, count, start, NULL); }

/* The first user named, or NULL. */
static const char *user_of(const struct message *m)
{
    for (uint16_t i = 0; i < m->record.count; i++)
        if (field_filters(m->record.values[i].field)->user)
            return message_shown(m, value_span(&m->record.values[i]));
    return NULL;
}

void stats_count(const struct message *m)
{
    if (!have_tap_listener(tap))
        return;
    const struct msgt_record *r = &m->record;
    wmem_allocator_t *pool = m->pinfo->pool;
    struct counted *counted = wmem_new(pool, struct counted);
    *counted = (struct counted){
        .id = wmem_strdup_printf(pool, "%06u %s", r->id, m->title),
        .severity = wmem_strdup_printf(pool, "%d %s", r->severity, msgt_severity_name((unsigned)r->severity, m->lang)),
        .device = m->device,
        .status = msgt_status_name(r->status),
        .user = user_of(m),
    };
    tap_queue_packet(tap, m->pinfo, counted);
}
