/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "octets.h"

#define FIVE(from, bits) [from] = (bits), [(from) + 1] = (bits), [(from) + 2] = (bits), [(from) + 3] = (bits), [(from) + 4] = (bits)
#define SIX(from, bits) FIVE(from, bits), [(from) + 5] = (bits)
#define TEN(from, bits) FIVE(from, bits), FIVE((from) + 5, bits)
#define TWENTY(from, bits) TEN(from, bits), TEN((from) + 10, bits)

const uint8_t octet_classes[256] = {
    FIVE('\t', OCTET_BLANK),
    [' '] = OCTET_BLANK,
    TEN('0', OCTET_DIGIT | OCTET_XDIGIT | OCTET_ADDRESS),
    SIX('A', OCTET_UPPER | OCTET_XDIGIT | OCTET_ADDRESS),
    TWENTY('G', OCTET_UPPER | OCTET_ADDRESS),
    SIX('a', OCTET_LOWER | OCTET_XDIGIT | OCTET_ADDRESS),
    TWENTY('g', OCTET_LOWER | OCTET_ADDRESS),
    ['.'] = OCTET_ADDRESS,
    [':'] = OCTET_ADDRESS,
    ['-'] = OCTET_ADDRESS,
    ['_'] = OCTET_ADDRESS,
    ['%'] = OCTET_ADDRESS,
    ['*'] = OCTET_ADDRESS,
};
