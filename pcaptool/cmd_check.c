/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "check.h"
#include "commands.h"
#include "run.h"
#include "sink.h"

static void no_flush(void *user) { (void)user; }

/* Their names, or all that is to be said of them as data. */
static bool list_codes(struct buffer *out, enum msgt_lang lang, bool json)
{
    for (unsigned i = 0; i < CHECK_CODES; i++) {
        const char *name = check_code_name((enum check_code)i);
        if (json)
            check_explain(out, name, lang, json);
        else
            buffer_format(out, "%s\n", name);
    }
    return true;
}

static int explain(const struct options *options, bool json)
{
    struct buffer out = {0};
    enum msgt_lang lang = options->view.lang;
    bool known = strcmp(options->explain, "codes") == 0 ? list_codes(&out, lang, json) : check_explain(&out, options->explain, lang, json);
    if (known) {
        sink_write(&out);
    } else {
        complain("--explain %s: there is no such finding; --explain=codes lists them", options->explain);
    }
    buffer_free(&out);
    return known ? EXIT_DONE : EXIT_TROUBLE;
}

int cmd_check(struct options *options)
{
    bool json = strcmp(options->format->name, "json") == 0;
    if (options->explain)
        return explain(options, json);
    struct run run;
    struct buffer out = {0};
    struct check *check = check_new(&options->view, options->rcvbuf, options->drain);
    check->part_selected = selection_parts_devices(options->selection);
    struct source_watch watch = check_watch(check);
    options->view.utc |= json; /* its sentences, too, mean the same everywhere */
    options->source.untagged = true;
    options->source.watch = &watch;
    int status = run_inputs(options, check_record, no_flush, check, &run);
    check_finish(check);
    if (json)
        check_report_json(check, status == EXIT_TROUBLE, &out);
    else if (check->frames || status == EXIT_DONE) /* else nothing was read, and that was said */
        check_report_text(check, status == EXIT_TROUBLE, options->style.color, &out);
    sink_write(&out);
    if (run.records == 0)
        run_explain_nothing(options, &run, status);
    if (status == EXIT_DONE && check_found(check))
        status = EXIT_FOUND;
    buffer_free(&out);
    check_free(check);
    return status;
}
