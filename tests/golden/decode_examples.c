/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every example of the catalogue with its values, for the golden "examples": what a change to a template does shows there. */
#include <stdio.h>
#include <string.h>

#include "msgtable/msgtable.h"

static void print_value(const struct msgt_record *r, const char *text, const struct msgt_value *value)
{
    static const char *const kinds[] = {"", "#", "4:", "6:"};
    const struct msgt_table *table = msgt_builtin();
    const char *meaning = msgt_meaning(table, r, (const uint8_t *)text, value, MSGT_EN);
    printf("  %s=%s", msgt_field(table, value->field, MSGT_EN).name, kinds[value->kind]);
    for (uint32_t i = 0; i < value->length; i++) {
        char c = text[value->offset + i];
        if (c == '\n')
            printf("\\n");
        else
            putchar(c);
    }
    printf("%s%s%s\n", meaning ? " (" : "", meaning ? meaning : "", meaning ? ")" : "");
}

int main(void)
{
    const struct msgt_table *table = msgt_builtin();
    for (size_t i = 0; i < msgt_message_count(table); i++) {
        struct msgt_message m = msgt_message(table, i, MSGT_EN);
        for (unsigned k = 0; k < m.examples; k++) {
            const char *text = msgt_example(table, i, k);
            struct msgt_record r;
            msgt_decode_text(table, m.id, (const uint8_t *)text, strlen(text), 0, &r);
            printf("%u %s\n", m.id, text);
            for (unsigned v = 0; v < r.count; v++)
                print_value(&r, text, &r.values[v]);
        }
    }
    return 0;
}
