/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes trouble in a clean capture and writes down what it did.
 *
 *     trouble clean COUNT OUT.pcap                        three devices, COUNT messages, nothing wrong
 *     trouble IN.pcap OUT.pcap NOTES OPERATION…           each as NAME[=N[,M]], done in the order given
 *
 * A line of NOTES is what `ftdpcap check` must find: CODE LOW HIGH, the code with "/note" for a note. Look-alikes write none.
 */
#include <stdlib.h>
#include <string.h>

#include "reel.h"

static bool run_operation(struct reel *reel, const char *word)
{
    static const struct operation *const tables[] = {wire_operations, fragment_operations, text_operations, neighbour_operations, nat_operations,
                                                     refusal_operations};
    char name[32] = "";
    unsigned a = 1, b = 0;
    if (sscanf(word, "%31[a-z0-9]=%u,%u", name, &a, &b) < 1)
        return false;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct operation *row = tables[i]; row->name; row++)
            if (strcmp(row->name, name) == 0) {
                if (row->run)
                    row->run(reel, a, b);
                else
                    replace_noted(reel, a, row);
                return true;
            }
    return false;
}

int main(int argc, char **argv)
{
    struct reel reel = {.shots = calloc(FRAMES_MAX, sizeof *reel.shots), .random = 1};
    bool fine = reel.shots && argc >= 4;
    if (fine && strcmp(argv[1], "clean") == 0) {
        make_clean(&reel, (unsigned)strtoul(argv[2], NULL, 10));
        fine = write_reel(&reel, argv[3]);
    } else if (fine) {
        reel.notes = fopen(argv[3], "w");
        fine = reel.notes && read_reel(&reel, argv[1]);
        for (int i = 4; fine && i < argc; i++)
            fine = run_operation(&reel, argv[i]);
        fine = fine && write_reel(&reel, argv[2]);
        if (reel.notes)
            fclose(reel.notes);
    }
    while (reel.count > 0)
        cut_out(&reel, reel.count - 1);
    free(reel.shots);
    if (!fine)
        fputs("usage: trouble clean COUNT OUT | trouble IN OUT NOTES OPERATION[=N[,M]]…\n", stderr);
    return fine ? 0 : 2;
}
