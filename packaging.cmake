# SPDX-License-Identifier: GPL-2.0-or-later
# Packages for Debian and its kin: cpack in the build folder. Tool and plugin apart, as collectors have no Wireshark.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ftdpcap)
set(CPACK_PACKAGE_CONTACT "The authors of ftd-dissector")
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON) # the plugin's folder is absolute
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS})
set(CPACK_COMPONENTS_ALL tool)
if(TARGET ftd)
  list(APPEND CPACK_COMPONENTS_ALL plugin)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_TOOL_PACKAGE_NAME ftdpcap)
set(CPACK_DEBIAN_TOOL_PACKAGE_RECOMMENDS "libarchive13 | libarchive13t64") # loaded when an input needs it
set(CPACK_DEBIAN_TOOL_PACKAGE_SUGGESTS "wireshark-ftd, tcpdump")
set(CPACK_COMPONENT_TOOL_DESCRIPTION "ftdpcap turns the syslog of Cisco Secure Firewall (FTD) and ASA in captures
into typed fields, as text, JSON, ECS or CSV, and tells what was lost or
malformed, why, and which setting mends it.")
set(CPACK_DEBIAN_PLUGIN_PACKAGE_NAME wireshark-ftd)
set(CPACK_DEBIAN_PLUGIN_PACKAGE_ENHANCES "wireshark, tshark")
set(CPACK_COMPONENT_PLUGIN_DESCRIPTION "A Wireshark plugin: each message of Cisco Secure Firewall (FTD) and ASA is a
tree of fields to read and filter on, with its meaning in English or Japanese.")
include(CPack)
