/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture file → frames → reassembly → records → every output format. */
#include "fuzz.h"

#include "run.h"

static const struct form {
    const char *name;
    bool verbose;
    enum msgt_lang lang;
    void (*prove)(const struct buffer *output);
} forms[] = {
    {"json", false, MSGT_EN, prove_json}, {"json", false, MSGT_EN, prove_json}, {"text", false, MSGT_EN, prove_text}, {"text", true, MSGT_JA, prove_text},
    {"ecs", false, MSGT_EN, prove_json},  {"csv", false, MSGT_EN, prove_text},  {"tsv", false, MSGT_EN, prove_tsv},
};

static struct options options[G_N_ELEMENTS(forms)];
static struct writer writers[G_N_ELEMENTS(forms)];
static struct record_memory memories[G_N_ELEMENTS(forms)]; /* the first, without one, has to come to the same as the second */

static void prepare(void)
{
    if (options[0].selection)
        return;
    g_setenv("TZ", "UTC", TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        struct options *o = &options[i];
        o->view = (struct view){.table = msgt_builtin(), .lang = forms[i].lang, .zone = g_time_zone_new_utc()};
        view_prepare(&o->view);
        o->style.verbose = forms[i].verbose;
        CHECK(!output_set_columns(&o->style, NULL, o->view.table));
        o->format = output_find(forms[i].name);
        output_prepare(&o->style, o->format, o->view.table);
        o->selection = selection_new();
        writers[i] = (struct writer){.output = o->format, .style = &o->style};
    }
}

static bool take_record(const struct record *record, void *user)
{
    struct writer *writer = user;
    writer->output->record(writer, record);
    return true;
}

static bool take_datagram(const struct datagram *datagram, void *user)
{
    (void)user;
    fuzz_touch(datagram->octets, datagram->length);
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        size_t from = 0;
        run_records(&options[i], i ? &memories[i] : NULL, datagram, &from, take_record, &writers[i]);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct source_options all = {.untagged = true};
    prepare();
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        writers[i].buffer.length = 0;
        writers[i].day = WRITER_NO_DAY;
        if (writers[i].output->begin)
            writers[i].output->begin(&writers[i]);
    }
    struct source *source = source_new(&all, take_datagram, NULL);
    char *wrong = source_read(source, fuzz_file(0, data, size), false);
    CHECK(!wrong || (*wrong && wrong[strlen(wrong) - 1] != '.'));
    CHECK(source_facts(source)->tagged <= source_facts(source)->datagrams);
    g_free(wrong);
    source_free(source);
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        forms[i].prove(&writers[i].buffer);
    CHECK(writers[0].buffer.length == writers[1].buffer.length);
    CHECK(writers[0].buffer.length == 0 || memcmp(writers[0].buffer.data, writers[1].buffer.data, writers[0].buffer.length) == 0);
    return 0;
}
