/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decodes every example of the catalogue, family by family, for a profiler that dumps its instruction counts whenever family_begins()
 * is called. The first family is decoded twice: dump 1 is the start of the program, dump 2 has what happens only once, dump 3 is the
 * first family, and so on. Prints "FAMILY EXAMPLES" in the order of the dumps from 3 on.
 *
 * count_decode ROUNDS decodes them all as datagrams, with a header, so many times: for a clock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msgtable/msgtable.h"

enum { IDS_IN_FAMILY = 1000 };

/* Kept by the linker, whatever it makes of the rest. */
__attribute__((noinline)) void family_begins(void);
static volatile unsigned families;
void family_begins(void) { families = families + 1; }

static size_t family_end(const struct msgt_table *table, size_t first)
{
    uint32_t family = msgt_message(table, first, MSGT_EN).id / IDS_IN_FAMILY;
    while (first < msgt_message_count(table) && msgt_message(table, first, MSGT_EN).id / IDS_IN_FAMILY == family)
        first++;
    return first;
}

static unsigned decode_family(const struct msgt_table *table, size_t first, size_t end)
{
    static struct msgt_record record;
    unsigned count = 0;
    for (size_t i = first; i < end; i++) {
        struct msgt_message m = msgt_message(table, i, MSGT_EN);
        for (unsigned k = 0; k < m.examples; k++, count++) {
            const char *text = msgt_example(table, i, k);
            msgt_decode_text(table, m.id, (const uint8_t *)text, strlen(text), 0, &record);
        }
    }
    return count;
}

/* The datagrams of all examples, up to a NULL. Never freed. */
static char **datagrams(const struct msgt_table *table)
{
    char **all = NULL;
    size_t count = 0;
    for (size_t i = 0; i < msgt_message_count(table); i++) {
        struct msgt_message m = msgt_message(table, i, MSGT_EN);
        all = realloc(all, (count + m.examples + 1) * sizeof *all);
        if (!all)
            abort();
        for (unsigned k = 0; k < m.examples; k++, count++)
            if (asprintf(&all[count], "<%u>Sep 30 2020 09:06:09 fw1 : %%FTD-%u-%06u: %s", 160u + m.severity, (unsigned)m.severity, m.id,
                         msgt_example(table, i, k)) < 0)
                abort();
    }
    if (all)
        all[count] = NULL;
    return all;
}

static int decode_rounds(const struct msgt_table *table, unsigned long rounds)
{
    static struct msgt_record record;
    char **all = datagrams(table);
    for (; all && rounds > 0; rounds--)
        for (char **datagram = all; *datagram; datagram++) {
            msgt_decode(table, (const uint8_t *)*datagram, strlen(*datagram), 0, 0, &record);
            if (record.status != MSGT_OK)
                return 1;
        }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return decode_rounds(msgt_builtin(), strtoul(argv[1], NULL, 10));
    static struct family {
        unsigned id, examples;
    } seen[IDS_IN_FAMILY];
    const struct msgt_table *table = msgt_builtin();
    size_t count = 0;
    family_begins();
    decode_family(table, 0, family_end(table, 0));
    for (size_t first = 0, end; first < msgt_message_count(table); first = end) {
        end = family_end(table, first);
        uint32_t id = msgt_message(table, first, MSGT_EN).id / IDS_IN_FAMILY;
        family_begins();
        seen[count++] = (struct family){id, decode_family(table, first, end)};
    }
    family_begins();
    for (size_t i = 0; i < count; i++)
        printf("%u %u\n", seen[i].id, seen[i].examples);
    return 0;
}
