/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One message of the catalogue for people (explain) and for programs. */
#ifndef FTDPCAP_PAGE_H
#define FTDPCAP_PAGE_H

#include "buffer.h"
#include "record.h"

void page_text(struct buffer *buffer, const struct view *view, size_t message, bool color);
void page_line(struct buffer *buffer, const struct view *view, size_t message, bool color);
void page_json(struct buffer *buffer, const struct view *view, size_t message);

#endif
