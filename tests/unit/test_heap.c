/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What decoding takes of the heap. Threads that decode ask GLib for nothing: without memory it takes the stack, and theirs is not watched. */
#include "unit.h"

#include <glib.h>

#include "msgtable/msgtable.h"

static unsigned asked;

/* In place of GLib's, for the library, too. */
gpointer g_malloc(gsize size)
{
    asked++;
    return malloc(size);
}

/* A message whose user's name has LENGTH octets; free() it. */
static uint8_t *message_of(size_t length, size_t *size)
{
    static const char front[] = "<166>%FTD-6-725001: Starting SSL handshake with client outside:192.0.2.7/4096 to 203.0.113.1/443 for ";
    *size = sizeof front - 1 + length;
    uint8_t *octets = malloc(*size);
    assert_non_null(octets);
    memset(octets, 'a', *size);
    memcpy(octets, front, sizeof front - 1);
    return octets;
}

static unsigned asked_for(size_t length)
{
    struct msgt_record record;
    size_t size;
    uint8_t *octets = message_of(length, &size);
    asked = 0;
    assert_int_equal(msgt_decode(msgt_builtin(), octets, size, 0, 0, &record), size);
    assert_int_equal(record.id, 725001);
    free(octets);
    return asked;
}

static void a_datagram_takes_nothing_of_the_heap(void **state)
{
    (void)state;
    for (size_t length = 1; length < 65000; length += length < 3000 ? 97 : 7919)
        assert_int_equal(asked_for(length), 0);
    assert_int_equal(asked_for(200000), 1); /* what a log may hold */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_datagram_takes_nothing_of_the_heap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
