/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Catalogues that stand in a test, loaded as the files they would be. */
#ifndef FTD_TEST_CATALOG_TEXT_H
#define FTD_TEST_CATALOG_TEXT_H

#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include "msgtable/msgtable.h"

/* A file with that text; its name, until the next one. The test removes it. */
static inline const char *catalog_file(const char *text, size_t length)
{
    static char name[64];
    snprintf(name, sizeof name, "/tmp/ftd-catalog-XXXXXX");
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return name;
}

/* On top of BASE, which may be NULL. An error is of that file. */
static inline struct msgt_table *load_text(const struct msgt_table *base, const char *text, size_t length, struct msgt_error *error)
{
    const char *name = catalog_file(text, length);
    struct msgt_table *table = msgt_load(base, &name, 1, error);
    unlink(name);
    if (!table)
        assert_string_equal(error->file, name);
    return table;
}

#endif
