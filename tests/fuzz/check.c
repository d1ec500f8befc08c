/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture file → what check says of it, for people in both languages and for programs. */
#include "check.h"

#include "fuzz.h"
#include "run.h"

static struct options options;

static void prepare(void)
{
    if (options.selection)
        return;
    g_setenv("TZ", "UTC", TRUE);
    options.view.table = msgt_builtin();
    view_prepare(&options.view);
    options.selection = selection_new();
}

static bool take_datagram(const struct datagram *datagram, void *user)
{
    size_t from = 0;
    return run_records(&options, NULL, datagram, &from, check_record, user);
}

static void report(struct check *check, bool damaged)
{
    static struct buffer output;
    output.length = 0;
    check_report_text(check, damaged, false, &output);
    prove_text(&output);
    output.length = 0;
    check_report_json(check, damaged, &output);
    prove_json(&output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prepare();
    options.view.lang = size % 2 ? MSGT_JA : MSGT_EN;
    struct check *check = check_new(&options.view, 212992, 5000);
    struct source_watch watch = check_watch(check);
    const struct source_options all = {.untagged = true, .watch = &watch};
    struct source *source = source_new(&all, take_datagram, check);
    char *wrong = source_read(source, fuzz_file(0, data, size), false);
    check_finish(check);
    report(check, wrong != NULL);
    g_free(wrong);
    source_free(source);
    check_free(check);
    return 0;
}
