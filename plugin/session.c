/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session.h"

#include <epan/conversation_filter.h>
#include <epan/proto_data.h>
#include <wsutil/str_util.h>

#include "fields.h"
#include "session_rules.h"

/* A capture may hold anything; beyond these numbers nothing more is linked. */
enum { LINKS_MAX = 1 << 20, KEYS_MAX = 1 << 19, IDLE_MAX = 24 * 3600 };

struct session;

/* One message that is linked. */
struct link {
    uint32_t frame, ordinal;
    nstime_t time;
    struct session *session; /* may be joined to another: see session_of() */
    struct link *partner;    /* the other end of the connection */
    bool opens;              /* this is the connection's setup */
};

struct session {
    struct session *joined; /* into this one; NULL while it stands alone */
    uint32_t number;
    bool ended;
    const char *known[IDENTITIES]; /* as text, NULL while unknown */
    struct link **links;           /* in the order of the capture */
    uint32_t count, capacity;
};

/* All of it lives in the capture's scope. */
static wmem_map_t *sessions;  /* "device identity value" → struct session */
static wmem_map_t *open_ends; /* "device rule key" → struct link */
static struct totals {
    uint32_t sessions, links, keys;
} totals;

/* Fields of the rules as indices into the table. */
static uint16_t identity_index[IDENTITIES][IDENTITY_FIELDS];
static uint16_t key_index[PAIR_RULES][KEY_FIELDS];

static struct session *session_of(const struct link *link)
{
    struct session *session = link->session;
    while (session && session->joined)
        session = session->joined;
    return session;
}

/* ---- What a message says ---- */

/* Stands for a user or an address that the device does not know, does not show or did not assign. */
static bool means_nothing(const char *text)
{
    static const char *const placeholders[] = {"", "::", "0.0.0.0", "unknown", "*****", "N/A"};
    for (size_t i = 0; i < G_N_ELEMENTS(placeholders); i++)
        if (g_ascii_strcasecmp(text, placeholders[i]) == 0)
            return true;
    return false;
}

static bool fits(enum identity identity, const struct msgt_value *value)
{
    return (identity != ID_ASSIGNED || value->kind == MSGT_KIND_IPV4) &&
           (identity != ID_ASSIGNED6 || value->kind == MSGT_KIND_IPV6);
}

static const char *said_of(const struct message *m, enum identity identity)
{
    for (int i = 0; i < IDENTITY_FIELDS; i++) {
        const struct msgt_value *value = message_value(m, identity_index[identity][i]);
        if (!value || !fits(identity, value))
            continue;
        const char *text = message_text(m, value_span(value));
        return means_nothing(text) ? NULL : text;
    }
    return NULL;
}

/* Whom a message names, and the keys of these in the map of sessions; NULL where it says nothing. */
struct said {
    const char *text[IDENTITIES], *key[IDENTITIES];
};

_Static_assert(IDENTITIES <= 10, "one digit");

static const char *identity_key(const struct message *m, int identity, const char *value)
{
    const char number[] = {(char)('0' + identity), 0};
    return wmem_strconcat(m->pinfo->pool, m->device, "\n", number, "\n", value, NULL);
}

/* False when the message names nobody. */
static bool read_identities(const struct message *m, struct said *said)
{
    bool anybody = false;
    for (int i = 0; i < IDENTITIES; i++) {
        said->text[i] = said_of(m, (enum identity)i);
        said->key[i] = said->text[i] ? identity_key(m, i, said->text[i]) : NULL;
        anybody |= said->text[i] != NULL;
    }
    return anybody;
}

/* ---- Sessions ---- */

static bool contradicts(const char *const a[IDENTITIES], const char *const b[IDENTITIES])
{
    for (int i = 0; i < IDENTITIES; i++)
        if (a[i] && b[i] && strcmp(a[i], b[i]) != 0)
            return true;
    return false;
}

/* The session may still get this message. */
static bool is_live(const struct session *session, const struct message *m)
{
    const struct link *last = session->links[session->count - 1];
    if (session->ended && !rules_follows_end(m->record.id))
        return false;
    return m->pinfo->abs_ts.secs - last->time.secs <= IDLE_MAX;
}

static struct session *lookup(const struct message *m, const char *key)
{
    struct session *session = wmem_map_lookup(sessions, key);
    while (session && session->joined)
        session = session->joined;
    return session && is_live(session, m) ? session : NULL;
}

/* The key is copied once, however often its value changes. */
static void remember(wmem_map_t *map, const char *key, void *what)
{
    const void *kept;
    void *old;
    if (!wmem_map_lookup_extended(map, key, &kept, &old)) {
        if (totals.keys == KEYS_MAX)
            return;
        totals.keys++;
        kept = wmem_strdup(wmem_file_scope(), key);
    }
    wmem_map_insert(map, kept, what);
}

static void append(struct session *session, struct link *link)
{
    if (session->count == session->capacity) {
        session->capacity = session->capacity ? session->capacity * 2 : 8;
        session->links = wmem_realloc(wmem_file_scope(), session->links, session->capacity * sizeof(struct link *));
    }
    session->links[session->count++] = link;
}

static int compare_links(const struct link *a, const struct link *b)
{
    if (a->frame != b->frame)
        return a->frame < b->frame ? -1 : 1;
    return a->ordinal < b->ordinal ? -1 : a->ordinal > b->ordinal;
}

/* Moves all of FROM into INTO. Both lists are in order, and so is the result. */
static void join(struct session *into, struct session *from)
{
    uint32_t count = into->count + from->count, a = 0, b = 0;
    struct link **links = wmem_alloc_array(wmem_file_scope(), struct link *, count);
    for (uint32_t i = 0; i < count; i++) {
        bool first = b == from->count || (a < into->count && compare_links(into->links[a], from->links[b]) < 0);
        links[i] = first ? into->links[a++] : from->links[b++];
    }
    wmem_free(wmem_file_scope(), into->links);
    wmem_free(wmem_file_scope(), from->links);
    into->links = links;
    into->count = into->capacity = count;
    into->ended |= from->ended;
    for (int i = 0; i < IDENTITIES; i++)
        if (!into->known[i])
            into->known[i] = from->known[i];
    from->links = NULL;
    from->count = from->capacity = 0;
    from->joined = into;
}

static struct session *find_session(const struct message *m, const struct said *said)
{
    struct session *found = NULL;
    for (int i = 0; i < IDENTITIES; i++) {
        struct session *other = said->key[i] ? lookup(m, said->key[i]) : NULL;
        if (!other || other == found || contradicts(said->text, other->known))
            continue;
        if (!found)
            found = other;
        else if (!contradicts(found->known, other->known)) {
            bool older = found->number < other->number;
            struct session *kept = older ? found : other;
            join(kept, older ? other : found);
            found = kept;
        }
    }
    return found;
}

static void learn_session(const struct message *m, struct link *link)
{
    struct said said;
    if (!read_identities(m, &said))
        return;
    struct session *session = find_session(m, &said);
    if (!session) {
        session = wmem_new0(wmem_file_scope(), struct session);
        session->number = totals.sessions++;
    }
    for (int i = 0; i < IDENTITIES; i++) {
        if (!said.text[i])
            continue;
        if (!session->known[i])
            session->known[i] = wmem_strdup(wmem_file_scope(), said.text[i]);
        remember(sessions, said.key[i], session);
    }
    session->ended |= rules_ends_session(m->record.id);
    link->session = session;
    append(session, link);
}

/* ---- Connections ---- */

/* Device, rule and the values of the rule's key fields; NULL when the message has none of them. */
static const char *pair_key(const struct message *m, size_t rule)
{
    wmem_strbuf_t *key = wmem_strbuf_new(m->pinfo->pool, m->device);
    bool any = false;
    wmem_strbuf_append_printf(key, "\n%zu", rule);
    for (int i = 0; i < KEY_FIELDS && pair_rules[rule].key[i]; i++) {
        const struct msgt_value *value = message_value(m, key_index[rule][i]);
        any |= value != NULL;
        wmem_strbuf_append_printf(key, "\n%s", value ? message_text(m, value_span(value)) : "");
    }
    return any ? wmem_strbuf_get_str(key) : NULL;
}

static void learn_pair(const struct message *m, size_t rule, bool opens, struct link *link)
{
    const char *key = pair_key(m, rule);
    if (!key)
        return;
    link->opens = opens;
    if (opens) {
        remember(open_ends, key, link);
        return;
    }
    struct link *setup = wmem_map_remove(open_ends, key);
    if (!setup)
        return;
    totals.keys--;
    link->partner = setup;
    setup->partner = link;
}

/* The rule that the ID is part of, or PAIR_RULES. */
static size_t pair_rule_of(uint32_t id, bool *opens)
{
    for (size_t i = 0; i < PAIR_RULES; i++) {
        *opens = rules_among(pair_rules[i].setup, id);
        if (*opens || rules_among(pair_rules[i].teardown, id))
            return i;
    }
    return PAIR_RULES;
}

/* ---- Learning and looking ---- */

void session_learn(const struct message *m)
{
    bool opens, in_session = rules_in_session(m->record.id);
    size_t rule = pair_rule_of(m->record.id, &opens);
    if (PINFO_FD_VISITED(m->pinfo) || (!in_session && rule == PAIR_RULES))
        return;
    if (totals.links == LINKS_MAX)
        return;
    totals.links++;
    struct link *link = wmem_new0(wmem_file_scope(), struct link);
    link->frame = m->pinfo->num;
    link->ordinal = m->ordinal;
    link->time = m->pinfo->abs_ts;
    if (in_session)
        learn_session(m, link);
    if (rule < PAIR_RULES)
        learn_pair(m, rule, opens, link);
    p_add_proto_data(wmem_file_scope(), m->pinfo, proto_ftd, KEY_MESSAGES + m->ordinal, link);
}

static uint32_t place_of(const struct session *session, const struct link *link)
{
    uint32_t low = 0, high = session->count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_links(session->links[middle], link) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bool session_look(const struct message *m, struct session_view *view)
{
    const struct link *link = p_get_proto_data(wmem_file_scope(), m->pinfo, proto_ftd, KEY_MESSAGES + m->ordinal);
    if (!link)
        return false;
    *view = (struct session_view){0};
    const struct session *session = session_of(link);
    if (session) {
        uint32_t at = place_of(session, link);
        view->in_session = true;
        view->number = session->number;
        view->place = at + 1;
        view->messages = session->count;
        view->first = at > 0 ? session->links[0]->frame : 0;
        view->previous = at > 0 ? session->links[at - 1]->frame : 0;
        view->next = at + 1 < session->count ? session->links[at + 1]->frame : 0;
        nstime_delta(&view->elapsed, &link->time, &session->links[0]->time);
    }
    if (link->partner) {
        const struct link *setup = link->opens ? link : link->partner, *teardown = link->opens ? link->partner : link;
        view->setup = link->opens ? 0 : setup->frame;
        view->teardown = link->opens ? teardown->frame : 0;
        nstime_delta(&view->duration, &teardown->time, &setup->time);
    }
    return view->in_session || link->partner;
}

/* ---- "Conversation Filter ▸ FTD session" ---- */

static const struct session *session_of_frame(packet_info *pinfo)
{
    for (uint32_t ordinal = 0; ordinal < 8; ordinal++) { /* the first message of the frame that has one */
        const struct link *link = p_get_proto_data(wmem_file_scope(), pinfo, proto_ftd, KEY_MESSAGES + ordinal);
        const struct session *session = link ? session_of(link) : NULL;
        if (session)
            return session;
    }
    return NULL;
}

static host_bool filter_offered(FILTER_PARAMETERS) { return session_of_frame(pinfo) != NULL; }

static char *filter_text(FILTER_PARAMETERS)
{
    const struct session *session = session_of_frame(pinfo);
    return session ? g_strdup_printf("ftd.session.number == %u", session->number) : NULL;
}

static void start_capture(void) { totals = (struct totals){0}; }

static uint16_t index_of(const struct msgt_table *table, const char *name)
{
    return name ? msgt_field_index(table, name) : MSGT_NONE;
}

void session_register(int protocol, const struct msgt_table *table)
{
    sessions = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), wmem_str_hash, g_str_equal);
    open_ends = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), wmem_str_hash, g_str_equal);
    register_init_routine(start_capture);
    for (int i = 0; i < IDENTITIES; i++)
        for (int k = 0; k < IDENTITY_FIELDS; k++)
            identity_index[i][k] = index_of(table, identity_fields[i][k]);
    for (int i = 0; i < PAIR_RULES; i++)
        for (int k = 0; k < KEY_FIELDS; k++)
            key_index[i][k] = index_of(table, pair_rules[i].key[k]);
    register_conversation_filter(proto_get_protocol_filter_name(protocol), "FTD session", filter_offered,
                                 filter_text FILTER_USER_DATA);
}
