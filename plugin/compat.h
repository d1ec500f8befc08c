/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wireshark 4.0 to 4.6: every difference that concerns this plugin, and no other file with an #if. */
#ifndef FTD_COMPAT_H
#define FTD_COMPAT_H

#include <stdbool.h>

#include <ws_version.h>

#include <epan/packet.h>

#define WIRESHARK_FROM(major, minor)                                                                                   \
    (WIRESHARK_VERSION_MAJOR > (major) || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* What heuristics and filter callbacks return and what a boolean preference points to. */
#if WIRESHARK_FROM(4, 4)
typedef bool host_bool;
#else
typedef gboolean host_bool;
#endif

/* Parameters of a conversation filter's callbacks, and the last arguments of its registration. */
#if WIRESHARK_FROM(4, 2)
#define FILTER_PARAMETERS packet_info *pinfo, void *user_data _U_
#define FILTER_USER_DATA , NULL
#else
#define FILTER_PARAMETERS packet_info *pinfo
#define FILTER_USER_DATA
#endif

/* Columns are fields from 4.4 on. */
#if WIRESHARK_FROM(4, 4)
#define SET_COLUMN_FIELD(item, text) fvalue_set_string((item)->value, text)
#else
#define SET_COLUMN_FIELD(item, text) ((void)(item), (void)(text))
#endif

/* Sorted strings with a quick lookup, for as long as the program runs. */
#if WIRESHARK_FROM(4, 6)
#define NEW_VALUE_STRINGS(rows, count, name) value_string_ext_new(wmem_epan_scope(), rows, count, name)
#else
#define NEW_VALUE_STRINGS(rows, count, name) value_string_ext_new(rows, count, name)
#endif

/* Asked for from 4.4 on: what kind of plugin this is. */
#if WIRESHARK_FROM(4, 4)
#include <wsutil/plugins.h>
#define PLUGIN_KIND WS_PLUGIN_DESC_DISSECTOR
#else
#define PLUGIN_KIND 1u
#endif

#endif
