/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same message on the other side: whole, or changed on the way. */
#include "compare.h"

enum { OVERTAKEN = 16 }; /* others that an item may pass */

/* ---- What fits ---- */

struct search {
    const struct compare *compare;
    int side; /* of the item that is wanted */
};

static uint64_t in_front(uint64_t order, uint64_t first) { return order < first ? first - order : 0; }
static bool far(uint64_t order, uint64_t first) { return order > first + OVERTAKEN || first > order + OVERTAKEN; }

/* Further in front of the start on one side than on the other: another message with the same text. */
static bool crosses_start(const struct search *search, const struct item *wanted, const struct item *found)
{
    const struct compare *compare = search->compare;
    const struct item *a = search->side == SIDE_A ? wanted : found, *b = a == wanted ? found : wanted;
    uint64_t in_a = in_front(a->order, compare->first_met_a), in_b = in_front(b->order, compare->first_met);
    if (!compare->log || in_a + in_b == 0)
        return false;
    if (in_a == 0 || in_b == 0)
        return far(a->order, compare->first_met_a) || far(b->order, compare->first_met);
    return in_a > 4 * in_b + OVERTAKEN || in_b > 4 * in_a + OVERTAKEN;
}

/* The same datagram: where the addresses are the same, so is the IP ID. */
static bool fits_datagram(const struct item *wanted, const struct item *found, void *user)
{
    (void)user;
    return !item_other_datagram(wanted, found) && item_same_payload(wanted, found);
}

/* The same, with the same addresses: another device may say the same, octet by octet. */
static bool fits_unchanged(const struct item *wanted, const struct item *found, void *user)
{
    return !wanted->copy && !found->copy && item_same_flow(wanted, found) && fits_datagram(wanted, found, user);
}

/* A relay may give it another IP ID; what was sent twice does not count for another one that was lost. */
static bool fits_payload(const struct item *wanted, const struct item *found, void *user)
{
    const struct search *search = user;
    return item_same_payload(wanted, found) && !compare_came_before(search->compare, found, true);
}

/* One of the captures does not hold all of it. */
static bool fits_cut(const struct item *wanted, const struct item *found, void *user)
{
    (void)user;
    uint32_t both = MIN(wanted->length, found->length);
    return (wanted->cut || found->cut) && wanted->packet.ip_id == found->packet.ip_id && item_same_flow(wanted, found) &&
           wanted->wire == found->wire && wanted->checksum == found->checksum && memcmp(wanted->octets, found->octets, both) == 0;
}

static bool fits_text(const struct item *wanted, const struct item *found, void *user)
{
    return wanted->text_length && item_same_text(wanted, found) && !crosses_start(user, wanted, found);
}

/* What A said before the last lines that were found is behind B, but for what others overtook: a text that comes again is a later one. */
static bool is_passed(const struct search *search, const struct item *found)
{
    return search->side == SIDE_B && found->time + NANOSECONDS < search->compare->now[1];
}

/* Several devices may say the same. */
static bool fits_device(const struct item *wanted, const struct item *found, void *user)
{
    return item_same_device(found->log ? wanted : found, found->log ? found : wanted) && fits_text(wanted, found, user);
}

static bool fits_name(const struct item *wanted, const struct item *found, void *user)
{
    return wanted->device && wanted->device == found->device && fits_text(wanted, found, user);
}

static bool is_of_device(const struct item *wanted, const struct item *found, void *user)
{
    return found->device == *(const uint64_t *)user && item_same_text(wanted, found);
}

/* A has one that waits with the text and the name that B has: B's is that of another device, whatever a relay did to it. */
static bool is_of_another(const struct search *search, const struct item *wanted, const struct item *found)
{
    const struct item *a = search->side == SIDE_A ? wanted : found, *b = a == wanted ? found : wanted;
    uint64_t device = b->device;
    return !b->log && device && a->device != device && shelf_find(search->compare->shelf[SIDE_A], KEY_TEXT, b, is_of_device, &device);
}

static bool fits_renamed(const struct item *wanted, const struct item *found, void *user)
{
    return fits_text(wanted, found, user) && !is_of_another(user, wanted, found);
}

/* A name may be the collector's: the address is the device's. */
static bool fits_source(const struct item *wanted, const struct item *found, void *user)
{
    return item_same_source(found->log ? wanted : found, found->log ? found : wanted) && fits_text(wanted, found, user);
}

static bool fits_next_device(const struct item *wanted, const struct item *found, void *user)
{
    return !is_passed(user, found) && fits_device(wanted, found, user);
}

static bool fits_next_source(const struct item *wanted, const struct item *found, void *user)
{
    return !is_passed(user, found) && fits_source(wanted, found, user);
}

static bool fits_next_text(const struct item *wanted, const struct item *found, void *user)
{
    return !is_passed(user, found) && fits_text(wanted, found, user);
}

static bool fits_alike(const struct item *wanted, const struct item *found, void *user)
{
    return wanted->plain_length && item_alike_text(wanted, found) && !crosses_start(user, wanted, found) && !is_of_another(user, wanted, found);
}

/* Of A and B, whichever is wanted, B's text is the start of A's. */
static bool fits_start(const struct item *wanted, const struct item *found, void *user)
{
    const struct search *search = user;
    const struct item *a = search->side == SIDE_A ? wanted : found, *b = a == wanted ? found : wanted;
    bool enough = b->plain_length >= PREFIX_LENGTH || (b->plain_length && b->plain_length == a->first_line);
    return a->tagged && b->tagged && a->id == b->id && enough && b->plain_length < a->plain_length &&
           memcmp(a->plain, b->plain, b->plain_length) == 0 && !crosses_start(search, wanted, found);
}

/* The capture cut A: it is the start of B's, which is whole. */
static bool fits_whole(const struct item *wanted, const struct item *found, void *user)
{
    const struct search *search = user;
    const struct item *a = search->side == SIDE_A ? wanted : found, *b = a == wanted ? found : wanted;
    return a->cut && a->tagged && b->tagged && a->id == b->id && a->plain_length >= PREFIX_LENGTH && a->plain_length <= b->plain_length &&
           memcmp(a->plain, b->plain, a->plain_length) == 0 && !crosses_start(search, wanted, found);
}

static bool fits_flow_id(const struct item *wanted, const struct item *found, void *user)
{
    (void)user;
    return wanted->has_flow && found->has_flow && wanted->packet.ip_id == found->packet.ip_id && wanted->id == found->id &&
           item_same_flow(wanted, found);
}

/* ---- The partner ---- */

/* The partner of an item that needs no second thought. */
struct item *partner_same(const struct compare *compare, int side, const struct item *item)
{
    const struct shelf *other = compare->shelf[!side];
    struct search search = {compare, side};
    struct item *found = NULL;
    static shelf_fits *const nearest_first[] = {fits_next_device, fits_next_source, fits_device, fits_source, fits_next_text, fits_text};
    for (size_t i = 0; compare->log && !found && i < G_N_ELEMENTS(nearest_first); i++)
        found = shelf_find(other, KEY_TEXT, item, nearest_first[i], &search);
    if (compare->log)
        return found;
    if (!(found = shelf_find(other, KEY_FLOW_ID, item, fits_unchanged, NULL)) && !(found = shelf_find(other, KEY_PAYLOAD, item, fits_datagram, NULL)))
        found = shelf_find(other, KEY_FLOW_ID, item, fits_cut, NULL);
    return found;
}

/* The rest of a message that was split: an item of B without a tag, soon after its first part. */
struct item *partner_rest(const struct item *a, const struct item *b)
{
    uint32_t missing = a->plain_length - b->plain_length;
    struct item *rest = b->newer;
    for (int i = 0; rest && i < 8; i++, rest = rest->newer) {
        uint32_t blank = a->plain[b->plain_length] == ' ', length = rest->plain_length;
        if (!rest->tagged && length && length + blank <= missing && length + blank + 2 >= missing &&
            memcmp(rest->plain, a->plain + b->plain_length + blank, length) == 0)
            return rest;
    }
    return NULL;
}

/* The partner of an item that arrived changed, and how. */
struct item *partner_changed(const struct compare *compare, int side, const struct item *item, enum compare_cause *cause)
{
    const struct shelf *other = compare->shelf[!side];
    struct search search = {compare, side};
    struct item *found;
    if (!compare->log && (found = shelf_find(other, KEY_PAYLOAD, item, fits_payload, &search)))
        *cause = CAUSE_NONE; /* a relay gave it another IP ID */
    else if (!compare->log && ((found = shelf_find(other, KEY_TEXT, item, fits_name, &search)) ||
                               (found = shelf_find(other, KEY_TEXT, item, fits_renamed, &search))))
        *cause = CAUSE_RESTAMPED;
    else if ((found = shelf_find(other, KEY_TEXT, item, fits_alike, &search)))
        *cause = CAUSE_REENCODED;
    else if ((found = shelf_find(other, KEY_PREFIX, item, fits_whole, &search)))
        *cause = CAUSE_NONE;
    else if ((found = shelf_find(other, KEY_PREFIX, item, fits_start, &search)))
        *cause = CAUSE_TRUNCATED;
    else if (!compare->log && (found = shelf_find(other, KEY_FLOW_ID, item, fits_flow_id, NULL)))
        *cause = CAUSE_ALTERED;
    return found;
}

bool partner_arrived_changed(const struct compare *compare, const struct item *a)
{
    enum compare_cause cause;
    return partner_changed(compare, SIDE_A, a, &cause) != NULL;
}
