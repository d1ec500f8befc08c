/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Wireshark looks for in a plugin. */
#define WS_BUILD_DLL /* these names are exported, not imported */
#include "compat.h"

#include <ws_symbol_export.h>

#include "packet-ftd.h"

WS_DLL_PUBLIC_DEF const char plugin_version[] = FTD_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

void plugin_register(void)
{
    static proto_plugin plugin = {.register_protoinfo = ftd_register, .register_handoff = ftd_hand_off};
    proto_register_plugin(&plugin);
}

uint32_t plugin_describe(void) { return PLUGIN_KIND; }
