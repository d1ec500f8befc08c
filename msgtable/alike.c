/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "alike.h"

#include "value.h"

/* A number ends where its digits do, whatever may stand behind it. */
static bool ends_itself(const struct op *op) { return op->kind == OP_FIELD && !op->leads && value_is_self_delimiting((enum msgt_type)op->type); }

static bool same_op(const struct text_ref *texts, const struct op *a, const struct op *b)
{
    if (a->kind == OP_PAIRS || a->kind != b->kind || a->type != b->type || a->open != b->open || a->numeric != b->numeric || a->field != b->field)
        return false;
    if (ends_itself(a) && ends_itself(b))
        return true;
    if (a->last != b->last || a->blanks != b->blanks || a->count != b->count)
        return false;
    if (a->kind == OP_OPTIONAL)
        return a->at == b->at;
    for (uint32_t i = 0; i < a->count; i++)
        if (texts[a->at + i].offset != texts[b->at + i].offset)
            return false;
    return true;
}

uint32_t common_ops(const struct op *ops, const struct text_ref *texts, const struct slice *left, const struct slice *right)
{
    const struct op *a = ops + left->first, *b = ops + right->first;
    uint32_t whole = 0, piece_end = 0;
    for (uint32_t i = 0; i < left->count && i < right->count && same_op(texts, &a[i], &b[i]); i++) {
        if (a[i].kind == OP_OPTIONAL)
            piece_end = i + a[i].at;
        if (i + 1 >= piece_end)
            whole = i + 1;
    }
    return whole;
}
