/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libarchive, loaded when the first input needs it: with it come a dozen more libraries, which would cost every start more than all
 * that the program does itself, and which no plain capture needs in memory. The name of the library is found when this is configured.
 */
#ifndef FTDPCAP_ARCHIVE_LIBRARY_H
#define FTDPCAP_ARCHIVE_LIBRARY_H

#include <archive.h>
#include <archive_entry.h>

/* Its calls, with the types that its header gives them. */
struct archive_library {
    __typeof__(archive_error_string) *error_string;
    __typeof__(archive_filter_code) *filter_code;
    __typeof__(archive_read_data_block) *read_data_block;
    __typeof__(archive_read_free) *read_free;
    __typeof__(archive_read_new) *read_new;
    __typeof__(archive_read_next_header) *read_next_header;
    __typeof__(archive_read_open) *read_open;
    __typeof__(archive_read_support_format_empty) *support_format_empty;
    __typeof__(archive_read_support_format_raw) *support_format_raw;
    __typeof__(archive_set_error) *set_error;
    /* The ways to compress that it is asked for; up to a NULL. */
    __typeof__(archive_read_support_filter_gzip) *support_filters[9];
};

/*
 * Loads it once and for all; any thread may ask. NULL: it is not there, or not as it should be, and *error says why. The first call
 * opens files and maps code.
 */
const struct archive_library *archive_library(const char **error);

#endif
