/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session_rules.h"

const char *const identity_fields[IDENTITIES][IDENTITY_FIELDS] = {
    [ID_SESSION] = {"session"},
    [ID_ASSIGNED] = {"assigned_ipv4", "assigned_ip"},
    [ID_ASSIGNED6] = {"assigned_ipv6", "assigned_ip"},
    [ID_CLIENT] = {"client_ip", "remote_ip", "peer_ip", "src_ip"},
    [ID_USER] = {"user"},
};

/* TLS, clientless and client VPN, DAP, addresses, IKEv2. */
static const uint32_t families[] = {716, 722, 725, 734, 737, 750, 751};

/* Sessions end for good; a data channel that ends (722023) may be replaced by another. */
static const uint32_t ends[] = {716002, 722038, 722046, 722047, 722048, 722049, 722050, 734002, 750007};

/* The rest of the goodbye: statistics, closing channels, addresses that go back. */
static const uint32_t followers[] = {716002, 722023, 722028, 722029, 722030, 722031, 722037, 722038, 725007, 737013,
                                     737014, 737015, 737016, 737031, 737032, 737201, 737401, 737402, 750007};

const struct pair_rule pair_rules[PAIR_RULES] = {
    {{725001}, {725007, 725006}, {"src_interface", "src_ip", "src_port"}},
    {{722022, 722033}, {722023}, {"user", "client_ip", "transport"}},
    {{716001}, {716002}, {"user", "client_ip"}},
    {{750006}, {750007}, {"local_ip", "local_port", "remote_ip", "remote_port"}},
    {{737006, 737010, 737026, 737036}, {737014, 737015, 737016}, {"assigned_ip"}},
    {{737200}, {737201}, {"pool", "assigned_ip"}},
    {{737400}, {737401}, {"pool", "assigned_ip"}},
    {{302013, 302015, 302017, 302035}, {302014, 302016, 302018, 302036}, {"connection_id"}},
    {{302303, 302305}, {302304, 302306}, {"connection_id"}},
    {{302020}, {302021}, {"connection_id", "foreign_ip", "foreign_port", "global_ip", "inner_ip"}},
    {{305011}, {305012}, {"transport", "src_ip", "src_port", "src_mapped_ip", "src_mapped_port"}},
    {{609001}, {609002}, {"interface", "host_ip"}},
};

static bool among(const uint32_t *ids, size_t count, uint32_t id)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

#define AMONG(list, id) among(list, sizeof(list) / sizeof *(list), id)

bool rules_in_session(uint32_t id) { return AMONG(families, id / 1000); }
bool rules_ends_session(uint32_t id) { return AMONG(ends, id); }
bool rules_follows_end(uint32_t id) { return AMONG(followers, id); }
bool rules_among(const uint32_t ids[IDS], uint32_t id) { return id != 0 && among(ids, IDS, id); }
