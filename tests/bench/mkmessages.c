/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A synthetic catalogue: COUNT messages with IDs that are not in the built-in one, spread evenly over all six-digit IDs, so that the
 * real messages have many neighbours.
 *
 *     mkmessages COUNT FILE [JAPANESE]      the messages, and their texts in the other language
 */
#include <stdio.h>
#include <stdlib.h>

#include "msgtable/msgtable.h"

enum { ID_MIN = 100000, ID_MAX = 999999 };

static void write_message(FILE *out, FILE *japanese, uint32_t id, uint32_t number)
{
    fprintf(out,
            "message %u %u \"Synthetic message %u\"\n"
            "  text    Kind %u of group {<group>} user {<user>} at {<client_ip>} to {dst_ip}/{dst_port}{? for {reason}}\n"
            "  info    user client_ip\n"
            "  about   \"Means the case numbered %u.\"\n"
            "  example Kind %u of group <Staff> user <alice> at <192.0.2.7> to 198.51.100.9/443 for no reason\n",
            id, number % 8, number, number, number, number);
    if (japanese)
        fprintf(japanese, "message %u \"合成メッセージ%u\"\n  about \"番号%uの場合。\"\n", id, number, number);
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 2 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
    if (count < 1 || count > (ID_MAX - ID_MIN) / 2) {
        fputs("usage: mkmessages COUNT FILE [JAPANESE]\n", stderr);
        return 2;
    }
    FILE *out = fopen(argv[2], "w"), *japanese = argc > 3 ? fopen(argv[3], "w") : NULL;
    if (!out || (argc > 3 && !japanese)) {
        fprintf(stderr, "mkmessages: cannot write %s\n", argv[argc - 1]);
        return 2;
    }
    if (japanese)
        fputs("language ja\n", japanese);
    uint32_t step = (ID_MAX - ID_MIN) / count, id = ID_MIN;
    for (uint32_t i = 0; i < count; i++, id++) {
        if (id < ID_MIN + i * step)
            id = ID_MIN + i * step;
        while (msgt_message_index(msgt_builtin(), id) >= 0)
            id++;
        write_message(out, japanese, id, i);
    }
    int wrong = fclose(out) != 0;
    wrong |= japanese && fclose(japanese) != 0;
    if (wrong)
        fputs("mkmessages: writing failed\n", stderr);
    return wrong ? 2 : 0;
}
