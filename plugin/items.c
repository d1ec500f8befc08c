/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "items.h"

#include <epan/proto_data.h>

/* As kept with the capture: data sources come and go with each pass, their order stays. */
struct kept {
    unsigned count;
    struct kept_place {
        unsigned source;
        int start, length;
    } places[];
};

/* Cheap, and true for few frames. */
static bool has_layer(packet_info *pinfo, int protocol)
{
    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer; layer = wmem_list_frame_next(layer))
        if (GPOINTER_TO_INT(wmem_list_frame_data(layer)) == protocol)
            return true;
    return false;
}

/* Where the syslog item stands depends on who called syslog, so the whole tree is searched. */
static unsigned in_tree(packet_info *pinfo, proto_tree *tree, int syslog, struct item_place **places)
{
    GPtrArray *found = proto_find_finfo(tree, syslog);
    unsigned count = 0;
    *places = wmem_alloc_array(pinfo->pool, struct item_place, found->len);
    for (unsigned i = 0; i < found->len && count < ITEMS_MAX; i++) {
        const field_info *item = g_ptr_array_index(found, i);
        if (item->ds_tvb)
            (*places)[count++] = (struct item_place){item->ds_tvb, item->start, item->length};
    }
    g_ptr_array_free(found, TRUE);
    return count;
}

static unsigned as_kept(packet_info *pinfo, struct item_place **places)
{
    const struct kept *kept = p_get_proto_data(wmem_file_scope(), pinfo, proto_ftd, KEY_ITEMS);
    unsigned count = 0;
    *places = kept ? wmem_alloc_array(pinfo->pool, struct item_place, kept->count) : NULL;
    for (unsigned i = 0; kept && i < kept->count; i++) {
        const struct data_source *source = g_slist_nth_data(pinfo->data_src, kept->places[i].source);
        if (source)
            (*places)[count++] =
                (struct item_place){get_data_source_tvb(source), kept->places[i].start, kept->places[i].length};
    }
    return count;
}

unsigned items_find(packet_info *pinfo, proto_tree *tree, int syslog, struct item_place **places)
{
    if (!has_layer(pinfo, syslog))
        return 0;
    unsigned count = PINFO_FD_VISITED(pinfo) ? as_kept(pinfo, places) : 0;
    return count > 0 || !tree ? count : in_tree(pinfo, tree, syslog, places);
}

bool items_expected(packet_info *pinfo, proto_tree *tree)
{
    return tree || !PINFO_FD_VISITED(pinfo) || p_get_proto_data(wmem_file_scope(), pinfo, proto_ftd, KEY_ITEMS);
}

static bool source_of(packet_info *pinfo, tvbuff_t *tvb, unsigned *index)
{
    *index = 0;
    for (const GSList *source = pinfo->data_src; source; source = source->next, (*index)++)
        if (get_data_source_tvb(source->data) == tvb)
            return true;
    return false;
}

void items_keep(packet_info *pinfo, const struct item_place *places, unsigned count)
{
    if (PINFO_FD_VISITED(pinfo))
        return;
    struct kept *kept = wmem_alloc(wmem_file_scope(), sizeof *kept + count * sizeof *kept->places);
    kept->count = 0;
    for (unsigned i = 0; i < count; i++) {
        struct kept_place *place = &kept->places[kept->count];
        *place = (struct kept_place){0, places[i].start, places[i].length};
        if (source_of(pinfo, places[i].tvb, &place->source))
            kept->count++;
    }
    p_add_proto_data(wmem_file_scope(), pinfo, proto_ftd, KEY_ITEMS, kept);
}
