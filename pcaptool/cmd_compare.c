/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "collector_log.h"
#include "commands.h"
#include "compare.h"
#include "confine.h"
#include "inputs.h"
#include "interrupt.h"
#include "sink.h"

static int usage(const char *what)
{
    complain("%s", what);
    fputs("Try 'ftdpcap compare --help'.\n", stderr);
    return EXIT_TROUBLE;
}

/* What is wrong with a side is said; true when something is. */
static bool say_wrong(const struct compare *compare, const char *const paths[2])
{
    bool any = false;
    for (int side = 0; side < 2; side++) {
        const char *wrong = input_wrong(compare->input[side]);
        if (wrong)
            complain("%s: %s", inputs_shown(paths[side]), wrong);
        any = any || wrong;
    }
    return any;
}

int cmd_compare(struct options *options)
{
    char **files = options->arguments;
    guint count = files ? g_strv_length(files) : 0;
    if (count + (options->log != NULL) != 2)
        return usage("compare takes two captures, or a capture and --log FILE");
    const char *const paths[2] = {files[0], options->log ? options->log : files[1]};
    if (strcmp(paths[0], "-") == 0 && strcmp(paths[1], "-") == 0)
        return usage("only one side can be standard input");
    bool regular = g_file_test(paths[1], G_FILE_TEST_IS_REGULAR);
    interrupt_catch();
    /* B is read to see what it is, and each side once more where they do not meet. */
    struct sandbox sandbox;
    if (!confine_open(options, (const char *const[]){paths[0], paths[1], NULL}, 3, &sandbox))
        return EXIT_TROUBLE;
    confine_enter(options, &sandbox);
    enum log_look look = regular ? collector_log_look(paths[1]) : LOOK_UNKNOWN;
    if (options->log && look == LOOK_CAPTURE)
        return usage("--log takes a collector's log; a second capture stands without it");
    bool log = options->log || look == LOOK_TEXT;
    char *wrong = NULL;
    struct compare *compare = compare_new(options, paths[0], paths[1], log, options->window, &wrong);
    if (!compare) {
        complain("%s", interrupt_number() ? "interrupted before the end: there is no verdict" : wrong);
        g_free(wrong);
        return EXIT_TROUBLE;
    }
    compare_run(compare);
    if (interrupt_number()) { /* what was not read would be told as missing */
        sink_write(&compare->out);
        complain("interrupted before the end: there is no verdict");
        compare_free(compare);
        return EXIT_TROUBLE;
    }
    bool damaged = say_wrong(compare, paths);
    report_end(compare, damaged);
    sink_write(&compare->out);
    int status = damaged ? EXIT_TROUBLE : compare_found(compare) ? EXIT_FOUND : EXIT_DONE;
    if (!damaged && compare->totals.items[0] == 0) {
        complain(compare_asked(compare, SIDE_A) ? "%s: nothing to compare: nothing in it is what was asked for" : "%s: no FTD or ASA syslog to compare", paths[0]);
        status = EXIT_TROUBLE;
    }
    compare_free(compare);
    inputs_close();
    return status;
}
