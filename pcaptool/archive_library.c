/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "archive_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define CALL(name)                                                                                                     \
    {                                                                                                                  \
        "archive_" #name, offsetof(struct archive_library, name)                                                       \
    }
#define FILTER(name, n)                                                                                                \
    {                                                                                                                  \
        "archive_read_support_filter_" #name, offsetof(struct archive_library, support_filters[n])                     \
    }

static const struct {
    const char *name;
    size_t at; /* where in struct archive_library */
} symbols[] = {
    CALL(error_string),
    CALL(filter_code),
    CALL(read_data_block),
    CALL(read_free),
    CALL(read_new),
    CALL(read_next_header),
    CALL(read_open),
    {"archive_read_support_format_empty", offsetof(struct archive_library, support_format_empty)},
    {"archive_read_support_format_raw", offsetof(struct archive_library, support_format_raw)},
    CALL(set_error),
    FILTER(gzip, 0),
    FILTER(xz, 1),
    FILTER(zstd, 2),
    FILTER(lz4, 3),
    FILTER(bzip2, 4),
    FILTER(lzip, 5),
    FILTER(lzma, 6),
    FILTER(compress, 7),
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct archive_library library;
static char why[256]; /* empty: loaded */

/* dlerror(3) keeps its sentence for the thread that failed. */
static void refuse(void)
{
    const char *sentence = dlerror();
    snprintf(why, sizeof why, "%s", sentence ? sentence : "it cannot be loaded");
}

static void load(void)
{
    void *handle = dlopen(FTDPCAP_LIBARCHIVE, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        refuse();
        return;
    }
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(handle, symbols[i].name);
        if (!symbol) {
            refuse();
            dlclose(handle);
            return;
        }
        memcpy((char *)&library + symbols[i].at, &symbol, sizeof symbol);
    }
}

const struct archive_library *archive_library(const char **error)
{
    pthread_once(&once, load);
    *error = why;
    return *why ? NULL : &library;
}
