/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "value.h"

struct row {
    enum msgt_type type;
    const char *text;
    bool good;
    enum msgt_kind kind;
    int64_t number;
};

static const struct row rows[] = {
    {MSGT_COUNT, "0", true, MSGT_KIND_NUMBER, 0},
    {MSGT_COUNT, "999999999999999999", true, MSGT_KIND_NUMBER, 999999999999999999},
    {MSGT_COUNT, "18446744073709551616", true, MSGT_KIND_TEXT, 0}, /* too large: stays as written */
    {MSGT_COUNT, "-1", false, 0, 0},
    {MSGT_COUNT, "", false, 0, 0},
    {MSGT_COUNT, "12a", false, 0, 0},
    {MSGT_INT, "-17", true, MSGT_KIND_NUMBER, -17},
    {MSGT_INT, "-", false, 0, 0},
    {MSGT_PORT, "65535", true, MSGT_KIND_NUMBER, 65535},
    {MSGT_PORT, "65536", false, 0, 0},
    {MSGT_PORT, "000443", false, 0, 0},
    {MSGT_HEX, "0x0e5fc000", true, MSGT_KIND_TEXT, 0},
    {MSGT_HEX, "DEADBEEF", true, MSGT_KIND_TEXT, 0},
    {MSGT_HEX, "0x", false, 0, 0},
    {MSGT_HEX, "xyz", false, 0, 0},
    {MSGT_DECIMAL, "-12.5", true, MSGT_KIND_TEXT, 0},
    {MSGT_DECIMAL, "12.", false, 0, 0},
    {MSGT_WORD, "inside", true, MSGT_KIND_TEXT, 0},
    {MSGT_WORD, "two words", false, 0, 0},
    {MSGT_NAME, "two words", true, MSGT_KIND_TEXT, 0},
    {MSGT_NAME, "a/b", false, 0, 0},
    {MSGT_NAME, "a, b", false, 0, 0},
    {MSGT_NAME, "a (b)", false, 0, 0},
    {MSGT_TEXT, "", true, MSGT_KIND_TEXT, 0},
    {MSGT_MAC, "00:00:5e:00:53:01", true, MSGT_KIND_TEXT, 0},
    {MSGT_MAC, "0000.5e00.5301", true, MSGT_KIND_TEXT, 0},
    {MSGT_MAC, "00:00:5e:00:53", false, 0, 0},
    {MSGT_MAC, "::00005e005301", false, 0, 0},
    {MSGT_MAC, "00-00:5e.00-53:01", true, MSGT_KIND_TEXT, 0},
    {MSGT_MAC, "00/00/5e/00/53/01", false, 0, 0},
    {MSGT_IP, "192.0.2.7", true, MSGT_KIND_IPV4, 0},
    {MSGT_IP, "255.255.255.255", true, MSGT_KIND_IPV4, 0},
    {MSGT_IP, "192.0.2.256", false, 0, 0},
    {MSGT_IP, "192.0.2.0007", false, 0, 0}, /* overlong digits */
    {MSGT_IP, "192.0.2.99999999999999999999", false, 0, 0},
    {MSGT_IP, "192.0.2", false, 0, 0},
    {MSGT_IP, "192.0.2.7.8", false, 0, 0},
    {MSGT_IP, "::", true, MSGT_KIND_IPV6, 0},
    {MSGT_IP, "::1", true, MSGT_KIND_IPV6, 0},
    {MSGT_IP, "2001:db8::", true, MSGT_KIND_IPV6, 0},
    {MSGT_IP, "2001:db8:0:0:0:0:0:1", true, MSGT_KIND_IPV6, 0},
    {MSGT_IP, "::ffff:192.0.2.7", true, MSGT_KIND_IPV6, 0},
    {MSGT_IP, "fe80::1%outside", true, MSGT_KIND_IPV6, 0},
    {MSGT_IP, "fe80::1%", false, 0, 0},
    {MSGT_IP, "fe80::1%outside:", false, 0, 0},
    {MSGT_IP, "1::2::3", false, 0, 0},
    {MSGT_IP, ":::", false, 0, 0},
    {MSGT_IP, ":", false, 0, 0},
    {MSGT_IP, "1:2:3:4:5:6:7:8:9", false, 0, 0},
    {MSGT_IP, "1:2:3:4:5:6:7:8::", false, 0, 0},
    {MSGT_IP, "2001:db8::12345", false, 0, 0},
    {MSGT_IP, "2001:db8::1:", false, 0, 0},
    {MSGT_IP, "fw1.example.com", true, MSGT_KIND_TEXT, 0},
    {MSGT_IP, "UNKNOWN", true, MSGT_KIND_TEXT, 0},
    {MSGT_IP, "x.x.x.x", true, MSGT_KIND_TEXT, 0},
    {MSGT_IP, "invalid-addr-2-0.0.0.0", true, MSGT_KIND_TEXT, 0},
    {MSGT_IP, "host name", false, 0, 0},
    {MSGT_IP, "-host", false, 0, 0},
    {MSGT_IP, "", false, 0, 0},
};

static void reads_what_the_type_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t length = strlen(rows[i].text);
        uint8_t *text = exactly(rows[i].text, length);
        struct msgt_value value = {.kind = 99};
        bool good = value_read(rows[i].type, text, length, &value);
        if (good != rows[i].good)
            fail_msg("%s \"%s\": %d", msgt_type_name(rows[i].type), rows[i].text, good);
        if (good) {
            assert_int_equal(value.kind, rows[i].kind);
            if (value.kind == MSGT_KIND_NUMBER)
                assert_int_equal(value.as.number, rows[i].number);
        }
        free(text);
    }
}

static void extent_stays_inside(void **state)
{
    (void)state;
    static const char text[] = "-0x1f:2001:db8::1.5/foo bar 00:00:5e:00:53:01";
    for (int type = MSGT_TEXT; type < MSGT_TYPES; type++) {
        for (size_t from = 0; from < sizeof text - 1; from++) {
            for (size_t length = 0; from + length < sizeof text; length++) {
                uint8_t *copy = exactly(text + from, length);
                assert_true(value_extent((enum msgt_type)type, copy, length) <= length);
                free(copy);
            }
        }
    }
}

static void addresses_have_their_octets(void **state)
{
    (void)state;
    uint8_t address[16];
    static const uint8_t v4[4] = {192, 0, 2, 7};
    static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff, 192, 0, 2, 7};
    static const uint8_t middle[16] = {0x20, 0x01, 0x0d, 0xb8, [13] = 1, [15] = 2};
    assert_true(value_ipv4((const uint8_t *)"192.0.2.7", 9, address));
    assert_memory_equal(address, v4, 4);
    assert_true(value_ipv6((const uint8_t *)"::ffff:192.0.2.7", 16, address));
    assert_memory_equal(address, mapped, 16);
    assert_true(value_ipv6((const uint8_t *)"2001:db8::1:2", 13, address));
    assert_memory_equal(address, middle, 16);
}

/* By reading each beginning of a run. */
static size_t longest_address(const uint8_t *text, size_t length)
{
    struct msgt_value value;
    while (length > 0 && !value_read(MSGT_IP, text, length, &value))
        length--;
    return length;
}

/* The shape of a run leaves out no beginning that is an address, and nothing long that it does not leave out is none. */
static void the_shape_of_a_run_tells_addresses(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a", "1", ".", ":", "-", "%", "*", "g", "12.", "fe80::1", "192.0.2.7", "2001:db8:", "....", "fw1.example.com", "%eth0",
                                         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
    uint32_t random = 1;
    for (int i = 0; i < 4000; i++) {
        char run[VALUE_ADDRESS_MAX + 1] = "";
        struct msgt_value value;
        for (size_t piece; strlen(run) + 48 < sizeof run && (random >> 8) % 16 > 1; strcat(run, pieces[piece])) {
            random = random * 1664525 + 1013904223;
            piece = (random >> 16) % (sizeof pieces / sizeof *pieces);
        }
        random = random * 1664525 + 1013904223;
        const uint8_t *text = (const uint8_t *)run;
        struct address_shape shape = value_address_shape(text, strlen(run));
        for (size_t length = 1; length <= strlen(run); length++) {
            size_t most = value_address_at_most(text, &shape, length);
            if (most > length || most < longest_address(text, length) || (most > 45 && !value_read(MSGT_IP, text, most, &value)))
                fail_msg("\"%s\": %zu of %zu octets may be an address", run, most, length);
        }
    }
}

/* NUL is no separator. */
static void a_mac_address_has_no_other_octets(void **state)
{
    (void)state;
    struct msgt_value value;
    assert_false(value_read(MSGT_MAC, (const uint8_t *)"0000\0" "5e00\0" "5301", 14, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_type_says),
        cmocka_unit_test(extent_stays_inside),
        cmocka_unit_test(addresses_have_their_octets),
        cmocka_unit_test(the_shape_of_a_run_tells_addresses),
        cmocka_unit_test(a_mac_address_has_no_other_octets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
