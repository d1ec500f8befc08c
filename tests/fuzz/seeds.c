/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 *     fuzz_seeds TARGET FOLDER|FILE     makes the seeds of a target, one file each, or one FILE.pack (see replay.c)
 *     fuzz_seeds --dictionary TARGET    prints its words
 *     fuzz_seeds --pack FOLDER FILE     one file of a folder's inputs
 *     fuzz_seeds --unpack FILE FOLDER
 */
#include "seeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct target {
    const char *name;
    void (*seeds[2])(void);
    void (*dictionary)(void);
} targets[] = {
    {"decode", {seeds_datagrams}, dictionary_messages},
    {"catalog", {seeds_catalog}, dictionary_catalog},
    {"frames", {seeds_frames}, dictionary_captures},
    {"pcapng", {seeds_pcapng}, dictionary_captures},
    {"capture", {seeds_pcap, seeds_pcapng}, dictionary_captures},
    {"check", {seeds_pcap, seeds_pcapng}, dictionary_captures},
    {"log", {seeds_log}, dictionary_messages},
    {"compare", {seeds_log, seeds_pcap}, dictionary_messages},
};

static const char *folder;
static char kind = 's'; /* in front of names: seeds, or kept */
static unsigned count;
static GString *packed; /* or NULL: each is a file */

static void save(const char *path, const char *octets, size_t length)
{
    GError *error = NULL;
    unlink(path); /* one that is there keeps its length if it was longer */
    if (g_file_set_contents_full(path, octets, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0644, &error))
        return;
    fprintf(stderr, "fuzz_seeds: %s\n", error->message);
    exit(EXIT_FAILURE);
}

static void add_packed(const void *octets, size_t length)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        g_string_append_c(packed, (char)(length >> shift));
    g_string_append_len(packed, octets, (gssize)length);
}

void seed(const void *octets, size_t length)
{
    char name[16];
    if (packed) {
        add_packed(octets, length);
        return;
    }
    g_snprintf(name, sizeof name, "%c%05u", kind, ++count);
    char *path = g_build_filename(folder, name, NULL);
    save(path, octets, length);
    g_free(path);
}

static GPtrArray *files_of(const char *path)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_build_filename(path, name, NULL));
    if (dir)
        g_dir_close(dir);
    g_ptr_array_sort(names, (GCompareFunc)(void (*)(void))g_strcmp0);
    return names;
}

void each_sample(void (*take)(const char *path))
{
    static const char *const folders[] = {SAMPLES, SAMPLES "/links"};
    unsigned taken = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        GPtrArray *files = files_of(folders[i]);
        for (guint k = 0; k < files->len; k++) {
            const char *path = g_ptr_array_index(files, k);
            if (!g_str_has_suffix(path, ".pcap") && !g_str_has_suffix(path, ".pcapng"))
                continue;
            take(path);
            taken++;
        }
        g_ptr_array_unref(files);
    }
    if (!taken)
        exit(EXIT_FAILURE);
}

static void save_packed(const char *path)
{
    save(path, packed->str, packed->len);
    g_string_free(packed, TRUE);
}

static void pack(const char *from)
{
    GPtrArray *files = files_of(from);
    for (guint i = 0; i < files->len; i++) {
        char *octets;
        gsize length;
        if (!g_file_get_contents(g_ptr_array_index(files, i), &octets, &length, NULL))
            continue;
        seed(octets, length);
        g_free(octets);
    }
    g_ptr_array_unref(files);
}

static void make(const struct target *target)
{
    for (size_t i = 0; i < G_N_ELEMENTS(target->seeds); i++)
        if (target->seeds[i])
            target->seeds[i]();
}

static void unpack(const char *from)
{
    char *octets;
    gsize length;
    if (!g_file_get_contents(from, &octets, &length, NULL))
        exit(EXIT_FAILURE);
    for (size_t at = 0; length - at >= 4;) {
        const uint8_t *size = (const uint8_t *)octets + at;
        size_t n = (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
        at += 4;
        if (n > length - at)
            exit(EXIT_FAILURE);
        seed(octets + at, n);
        at += n;
    }
    g_free(octets);
}

static const struct target *find_target(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(targets); i++)
        if (strcmp(targets[i].name, name) == 0)
            return &targets[i];
    fprintf(stderr, "fuzz_seeds: %s is no target\n", name);
    exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    const char *to = argv[argc - 1];
    if (argc >= 3 && g_str_has_suffix(to, ".pack"))
        packed = g_string_new(NULL);
    folder = to;
    if (argc == 3 && strcmp(argv[1], "--dictionary") == 0) {
        find_target(argv[2])->dictionary();
    } else if (argc == 4 && strcmp(argv[1], "--pack") == 0 && packed) {
        pack(argv[2]);
    } else if (argc == 4 && strcmp(argv[1], "--unpack") == 0) {
        kind = 'k';
        unpack(argv[2]);
    } else if (argc == 3) {
        make(find_target(argv[1]));
    } else {
        fprintf(stderr, "usage: fuzz_seeds TARGET FOLDER|FILE.pack | --dictionary TARGET | --pack FOLDER FILE.pack | --unpack FILE.pack FOLDER\n");
        return EXIT_FAILURE;
    }
    if (packed)
        save_packed(to);
    return EXIT_SUCCESS;
}
