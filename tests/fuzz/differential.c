/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two versions of the decoder on the same datagrams: differential OLD.so NEW.so SECONDS PACK… Takes the inputs of the packs as they are,
 * then changed at random, over and over. Prints what differs; status 1 when anything did.
 */
#include <dlfcn.h>
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 1 << 16, LONGEST = 2048, SHOWN = 20 };

typedef size_t render_fn(const uint8_t *data, size_t length, unsigned flags, char *out, size_t size);

static render_fn *renders[2];
static GPtrArray *inputs; /* GBytes */
static unsigned long done, different;

static void load(unsigned n, const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(EXIT_FAILURE);
    }
    *(void **)&renders[n] = dlsym(library, "render");
}

static void read_pack(const char *path)
{
    char *octets;
    gsize length;
    if (!g_file_get_contents(path, &octets, &length, NULL))
        exit(EXIT_FAILURE);
    for (size_t at = 0; length - at >= 4;) {
        const uint8_t *size = (const uint8_t *)octets + at;
        size_t n = (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
        at += 4;
        n = MIN(n, length - at);
        g_ptr_array_add(inputs, g_bytes_new(octets + at, n));
        at += n;
    }
    g_free(octets);
}

static void compare(const uint8_t *data, size_t length)
{
    static char texts[2][TEXT_SIZE];
    unsigned flags = (unsigned)(length % 2);
    size_t lengths[2];
    for (unsigned n = 0; n < 2; n++)
        lengths[n] = renders[n](data, length, flags, texts[n], TEXT_SIZE);
    done++;
    if (lengths[0] == lengths[1] && memcmp(texts[0], texts[1], lengths[0]) == 0)
        return;
    if (different++ >= SHOWN)
        return;
    printf("---- ");
    for (size_t i = 0; i < length; i++)
        printf(data[i] >= ' ' && data[i] < 0x7f && data[i] != '\\' ? "%c" : "\\x%02x", data[i]);
    printf("\nold: %s\nnew: %s\n", texts[0], texts[1]);
}

static const uint8_t *any_input(size_t *length)
{
    return g_bytes_get_data(g_ptr_array_index(inputs, (guint)g_random_int_range(0, (gint32)inputs->len)), length);
}

static size_t below(size_t count) { return count ? (size_t)g_random_int() % count : 0; }

static void change(GByteArray *data)
{
    static const uint8_t nasty[] = {0, '<', '>', '%', ':', '/', '[', ']', ' ', 0x80, 0xff, '\n', '\t', '.', '-', '0', '\'', '"', '(', ')', ',', '='};
    uint8_t octet = nasty[below(sizeof nasty)];
    size_t at = below(data->len), length;
    switch (below(7)) {
    case 0:
        if (data->len)
            data->data[at] = octet;
        break;
    case 1: /* one more */
        g_byte_array_append(data, &octet, 1);
        memmove(data->data + at + 1, data->data + at, data->len - at - 1);
        data->data[at] = octet;
        break;
    case 2:
        if (data->len)
            g_byte_array_remove_range(data, (guint)at, (guint)(1 + below(MIN(data->len - at, (size_t)8))));
        break;
    case 3: /* the end of another one behind this beginning */
    {
        const uint8_t *other = any_input(&length);
        size_t from = below(length);
        g_byte_array_set_size(data, (guint)at);
        g_byte_array_append(data, other + from, (guint)(length - from));
        break;
    }
    case 4:
        g_byte_array_set_size(data, (guint)at);
        break;
    case 5: /* a part twice */
        length = below(MIN(data->len - at, (size_t)40));
        if (length) {
            uint8_t *part = g_memdup2(data->data + at, length);
            g_byte_array_append(data, part, (guint)length);
            g_free(part);
        }
        break;
    default:
        if (data->len)
            data->data[at] = (uint8_t)g_random_int();
    }
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return EXIT_FAILURE;
    load(0, argv[1]);
    load(1, argv[2]);
    inputs = g_ptr_array_new();
    for (int i = 4; i < argc; i++)
        read_pack(argv[i]);
    for (guint i = 0; i < inputs->len; i++) {
        size_t length;
        const uint8_t *data = g_bytes_get_data(g_ptr_array_index(inputs, i), &length);
        compare(data, length);
    }
    gint64 end = g_get_monotonic_time() + atoi(argv[3]) * G_USEC_PER_SEC;
    GByteArray *data = g_byte_array_new();
    while (inputs->len && (done % 256 || g_get_monotonic_time() < end)) {
        size_t length;
        const uint8_t *from = any_input(&length);
        g_byte_array_set_size(data, 0);
        g_byte_array_append(data, from, (guint)length);
        for (size_t n = 1 + below(6); n; n--)
            change(data);
        compare(data->data, MIN(data->len, (guint)LONGEST));
    }
    printf("%lu datagrams, %lu decoded differently\n", done, different);
    return different ? EXIT_FAILURE : EXIT_SUCCESS;
}
