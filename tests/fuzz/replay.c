/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instead of libFuzzer: hands each input of a corpus to the target once. Arguments: files, folders of files, and packs (*.pack: for
 * each input its length in four octets, most significant first, then the input).
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static unsigned long inputs;

/* In memory of exactly its size: what is read behind it is seen. */
static void run(const char *octets, size_t length)
{
    uint8_t *copy = malloc(length);
    CHECK(copy || length == 0);
    if (length)
        memcpy(copy, octets, length);
    LLVMFuzzerTestOneInput(copy, length);
    free(copy);
    inputs++;
}

static bool run_pack(const char *octets, size_t length)
{
    size_t at = 0;
    while (length - at >= 4) {
        const uint8_t *size = (const uint8_t *)octets + at;
        size_t n = (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
        at += 4;
        if (n > length - at)
            return false;
        run(octets + at, n);
        at += n;
    }
    return at == length;
}

static bool run_path(const char *path)
{
    char *octets;
    gsize length;
    bool good = true;
    GDir *folder = g_dir_open(path, 0, NULL);
    if (folder) {
        for (const char *name; (name = g_dir_read_name(folder));) {
            char *inner = g_build_filename(path, name, NULL);
            good = run_path(inner) && good;
            g_free(inner);
        }
        g_dir_close(folder);
        return good;
    }
    if (!g_file_get_contents(path, &octets, &length, NULL)) {
        fprintf(stderr, "replay: %s cannot be read\n", path);
        return false;
    }
    fprintf(stderr, "%s\n", path);
    if (g_str_has_suffix(path, ".pack"))
        good = run_pack(octets, length);
    else
        run(octets, length);
    g_free(octets);
    return good;
}

int main(int argc, char **argv)
{
    bool good = true;
    for (int i = 1; i < argc; i++)
        good = run_path(argv[i]) && good;
    fprintf(stderr, "replay: %lu inputs\n", inputs);
    return good && inputs ? EXIT_SUCCESS : EXIT_FAILURE;
}
