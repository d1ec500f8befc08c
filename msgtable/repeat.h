/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What says that a message stands for several: "message repeated 2 times: [ TEXT]", "TEXT (35 instances received)". */
#ifndef MSGTABLE_REPEAT_H
#define MSGTABLE_REPEAT_H

#include "msgtable.h"
#include "octets.h"

/* Octets that "message repeated N times: [" takes at TEXT, 0 when it does not stand there. *COUNT is 0 where N has no room. */
size_t repeat_front(const uint8_t *text, size_t length, uint32_t *count);
/* Leaves the bracket that closes it, as the last of the text, of the text. False: there is none. */
bool repeat_close(const uint8_t *datagram, struct msgt_span *text);

/* The two below in full. */
bool repeat_unwrap(const uint8_t *datagram, struct msgt_span *text, uint32_t *repeat);
void repeat_strip(const uint8_t *datagram, size_t length, struct msgt_span *text, uint32_t *repeat);

/* Leaves what is repeated of the text. The first octet or the last one says, nearly always, that nothing is. */
static inline void repeat_read(const uint8_t *datagram, struct msgt_span *text, uint32_t *repeat)
{
    const uint8_t *octets = datagram + text->offset;
    size_t length = text->length;
    if (length > 0 && octets[0] == 'm' && repeat_unwrap(datagram, text, repeat))
        return;
    while (length > 0 && (is_blank(octets[length - 1]) || octets[length - 1] == '.'))
        length--;
    if (length > 0 && octets[length - 1] == ')')
        repeat_strip(datagram, length, text, repeat);
}

#endif
