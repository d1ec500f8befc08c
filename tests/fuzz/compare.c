/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log or a capture against a sample: what compare says, as text and as JSON. */
#include "compare.h"

#include "collector_log.h"
#include "fuzz.h"
#include "sink.h"

static struct options options;
static struct output formats[2];

static void prepare(void)
{
    if (options.selection)
        return;
    g_setenv("TZ", "UTC", TRUE);
    fuzz_catch_output();
    formats[0] = *output_find("text");
    formats[1] = *output_find("json");
    options.view.table = msgt_builtin();
    view_prepare(&options.view);
    options.selection = selection_new();
    options.source.untagged = true;
}

static void compare_both(const char *a, const char *b, bool log, size_t form)
{
    static struct buffer output;
    char *wrong = NULL;
    options.format = &formats[form];
    struct compare *compare = compare_new(&options, a, b, log, 60, &wrong);
    if (!compare) {
        CHECK(wrong && *wrong);
        g_free(wrong);
        return;
    }
    compare_run(compare);
    const struct compare_totals *t = &compare->totals;
    CHECK(t->same + t->changed + t->only[0] <= t->items[0]);
    CHECK(t->same + t->changed + t->only[1] + t->duplicated <= t->items[1]);
    report_end(compare, input_wrong(compare->input[0]) || input_wrong(compare->input[1]));
    sink_write(&compare->out);
    fuzz_output(&output);
    (form ? prove_json : prove_text)(&output);
    compare_free(compare);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char sample[] = SAMPLES "/headers.pcap";
    prepare();
    const char *path = fuzz_file(0, data, size);
    bool log = collector_log_look(path) == LOOK_TEXT;
    options.view.lang = size % 2 ? MSGT_JA : MSGT_EN;
    compare_both(sample, path, log, size / 2 % 2);
    if (!log)
        compare_both(path, sample, false, size / 2 % 2);
    return 0;
}
