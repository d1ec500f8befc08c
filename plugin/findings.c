/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "findings.h"

#include <epan/expert.h>

enum { SEVERE = 3 }; /* severities 0 to 2 are raised as the device reports them */

/* Filter ftd.expert.CODE with the code of the finding. There is none for what is never raised here: no tree is made without a tag, and trailing octets
 * are so common that a record does not mention them. */
static const struct finding_row {
    int group, severity;
    enum place place;
} finding_rows[MSGT_FINDINGS] = {
    [MSGT_F_NO_PRI] = {PI_PROTOCOL, PI_WARN, PLACE_TOP},
    [MSGT_F_BAD_PRI] = {PI_MALFORMED, PI_WARN, PLACE_TOP},
    [MSGT_F_NO_TIMESTAMP] = {PI_PROTOCOL, PI_CHAT, PLACE_TOP},
    [MSGT_F_DOUBLE_HEADER] = {PI_PROTOCOL, PI_NOTE, PLACE_TOP},
    [MSGT_F_EMBLEM] = {PI_PROTOCOL, PI_CHAT, PLACE_TOP},
    [MSGT_F_UNKNOWN_ID] = {PI_UNDECODED, PI_NOTE, PLACE_ID},
    [MSGT_F_TEMPLATE_MISMATCH] = {PI_UNDECODED, PI_WARN, PLACE_DIVERGENCE},
    [MSGT_F_MESSAGE_TRUNCATED] = {PI_MALFORMED, PI_WARN, PLACE_DIVERGENCE},
    [MSGT_F_SNAPLEN] = {PI_UNDECODED, PI_NOTE, PLACE_TOP},
    [MSGT_F_SEVERITY_MISMATCH] = {PI_PROTOCOL, PI_WARN, PLACE_SEVERITY},
    [MSGT_F_SEVERITY_CHANGED] = {PI_PROTOCOL, PI_NOTE, PLACE_SEVERITY},
    [MSGT_F_MULTIPLE_MESSAGES] = {PI_PROTOCOL, PI_NOTE, PLACE_TOP},
    [MSGT_F_NON_UTF8] = {PI_PROTOCOL, PI_WARN, PLACE_MESSAGE},
    [MSGT_F_CONTROL_BYTES] = {PI_PROTOCOL, PI_WARN, PLACE_MESSAGE},
};

static bool is_raised(int finding) { return finding_rows[finding].group != 0; }

static const int severe_rows[SEVERE] = {PI_ERROR, PI_ERROR, PI_WARN};

static expert_field finding_fields[MSGT_FINDINGS], severe_fields[SEVERE];

static ei_register_info row_of(expert_field *field, const char *code, const char *title, int group, int severity)
{
    char *name = g_strdup_printf("ftd.expert.%s", code); /* stays with Wireshark */
    g_strdelimit(name, "-", '_');
    *field = (expert_field)EI_INIT;
    return (ei_register_info){field, {name, group, severity, title, EXPFILL}};
}

void findings_register(int protocol)
{
    static ei_register_info rows[MSGT_FINDINGS + SEVERE];
    int count = 0;
    for (int i = 0; i < MSGT_FINDINGS; i++) {
        struct msgt_finding_info info = msgt_finding((enum msgt_finding)i);
        if (is_raised(i))
            rows[count++] = row_of(&finding_fields[i], info.code, info.title[MSGT_EN], finding_rows[i].group, finding_rows[i].severity);
    }
    for (unsigned i = 0; i < SEVERE; i++)
        rows[count++] = row_of(&severe_fields[i], msgt_severity_name(i, MSGT_EN),
                               "severe by the device's own word", PI_RESPONSE_CODE, severe_rows[i]);
    expert_register_field_array(expert_register_protocol(protocol), rows, count);
}

static const struct {
    const char *unknown, *mismatch, *changed, *severe;
} texts[MSGT_LANGS] = {
    {"%06u is not in the catalogue", "the priority says %s (%d), the tag says %s (%d)", "documented as %s (%u)", "The device reports: %s: %s"},
    {"%06u はカタログにありません", "優先度では%s (%d)、タグでは%s (%d)", "文書では%s (%u)", "デバイスの報告: %s: %s"},
};

/* The sentence that says more than the finding's title, or NULL. */
static const char *sentence(const struct message *m, enum msgt_finding finding)
{
    const struct msgt_record *r = &m->record;
    wmem_allocator_t *pool = m->pinfo->pool;
    switch (finding) {
    case MSGT_F_TEMPLATE_MISMATCH:
    case MSGT_F_MESSAGE_TRUNCATED:
        return message_divergence(m);
    case MSGT_F_UNKNOWN_ID:
        return wmem_strdup_printf(pool, texts[m->lang].unknown, r->id);
    case MSGT_F_SEVERITY_MISMATCH:
        return wmem_strdup_printf(pool, texts[m->lang].mismatch,
                                  msgt_severity_name((unsigned)r->pri, m->lang), r->pri & 7,
                                  msgt_severity_name((unsigned)r->severity, m->lang), r->severity);
    case MSGT_F_SEVERITY_CHANGED: {
        unsigned documented = msgt_message(m->table, (size_t)r->message_index, MSGT_EN).severity;
        return wmem_strdup_printf(pool, texts[m->lang].changed, msgt_severity_name(documented, m->lang), documented);
    }
    default:
        return NULL;
    }
}

static void raise_one(const struct message *m, enum msgt_finding finding, proto_item *const places[PLACES])
{
    enum place place = finding_rows[finding].place;
    proto_item *item = places[place] ? places[place] : places[PLACE_TOP];
    const char *text = sentence(m, finding);
    expert_add_info_format(m->pinfo, item, &finding_fields[finding], "%s", text ? text : msgt_finding(finding).title[m->lang]);
}

void findings_raise(const struct message *m, proto_item *const places[PLACES])
{
    const struct msgt_record *r = &m->record;
    if (m->quoted) /* in an error, which cuts it */
        return;
    for (int i = 0; i < MSGT_FINDINGS; i++)
        if (r->findings & 1u << i && is_raised(i))
            raise_one(m, (enum msgt_finding)i, places);
    if (r->severity >= 0 && r->severity < SEVERE) {
        proto_item *item = places[PLACE_SEVERITY] ? places[PLACE_SEVERITY] : places[PLACE_TOP];
        expert_add_info_format(m->pinfo, item, &severe_fields[r->severity], texts[m->lang].severe,
                               msgt_severity_name((unsigned)r->severity, m->lang), m->title);
    }
}
