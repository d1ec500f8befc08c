/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "select.h"

static const char datagram[] = "<166>Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: Group <Staff> User <alice> IP <192.0.2.7> "
                               "IPv4 Address <10.8.0.5> IPv6 address <2001:db8::5> assigned to session";

enum option { ID, SEVERITY, DEVICE, STATUS, WHERE };

static char *add(struct selection *selection, enum option option, const char *value)
{
    static char *(*const adders[])(struct selection *, const char *) = {selection_add_ids, selection_add_severity,
                                                                        selection_add_device, selection_add_status,
                                                                        selection_add_where};
    return adders[option](selection, value);
}

static bool matches(enum option option, const char *value)
{
    struct packet packet = {.version = 4, .src = {192, 0, 2, 1}, .src_port = 514, .dst_port = 514};
    struct datagram d = {.file = "x.pcap", .frame = 7, .packet = &packet, .octets = (const uint8_t *)datagram,
                         .length = sizeof datagram - 1};
    struct view view = {.table = msgt_builtin()};
    struct record record = {.view = &view, .datagram = &d};
    struct selection *selection = selection_new();
    assert_null(add(selection, option, value));
    assert_null(selection_bind(selection, msgt_builtin()));
    msgt_decode(msgt_builtin(), d.octets, d.length, 0, 0, &record.message);
    bool result = selection_matches(selection, &record);
    selection_free(selection);
    return result;
}

static const struct row {
    enum option option;
    const char *value;
    bool matches;
} rows[] = {
    {ID, "722051", true},          {ID, "722000-722099", true},       {ID, "100000,722051", true},   {ID, "722052", false},
    {ID, "722099-722000", true},   {ID, "000000-722050", false},
    {SEVERITY, "informational", true}, {SEVERITY, "warnings-notifications", false}, {SEVERITY, "Crit-debugging", true},
    {SEVERITY, "6", true},         {SEVERITY, "0-5", false},          {SEVERITY, "info", true},      {SEVERITY, "warning-debug", true},
    {SEVERITY, "error,7", false},  {DEVICE, "fw1", true},             {DEVICE, "fw2", false},        {DEVICE, "192.0.2.1", true},
    {DEVICE, "192.0.2.0/24", true}, {DEVICE, "10.0.0.0/8", false},    {DEVICE, "fw2,fw1", true},     {DEVICE, "0.0.0.0/0", true},
    {DEVICE, "fw*", true},         {DEVICE, "gw*", false},            {DEVICE, "gw1,f*1", true},
    {STATUS, "ok", true},          {STATUS, "partial,truncated", false}, {WHERE, "user=alice", true}, {WHERE, "user=ali*", true},
    {WHERE, "user=al?ce", false},  {WHERE, "user=a*i*e", true},       {WHERE, "user=*a*l*", true},   {WHERE, "user=a*x*e", false},
    {WHERE, "user=ali[*]", false}, {WHERE, "user=*[*]", false},       {WHERE, "user=*?*", true},    {WHERE, "user=**e", true},
    {WHERE, "user=a?i*", true},    {WHERE, "user=a?l*", false},       {WHERE, "user=*[?]*", false},  {WHERE, "user=*al?????", false},
    {WHERE, "user=bob", false},    {WHERE, "user=", false},           {WHERE, "assigned_ipv4=10.0.0.0/8", true},
    {WHERE, "assigned_ipv4=10.9.0.0/16", false},                      {WHERE, "assigned_ipv6=2001:db8::/32", true},
    {WHERE, "assigned_ipv6=2001:db8:0:0::5", true},                   {WHERE, "hostname=fw1", true}, {WHERE, "src=192.0.2.0/24", true},
    {WHERE, "frame=7", true},      {WHERE, "frame=8", false},         {WHERE, "error=*", false},
    {WHERE, "user=192.0.2.7/443", false},
    {WHERE, "client_ip=10.0.0.1,192.0.2.0/28", true}, {WHERE, "client_ip=10.0.0.1,10.0.0.2", false}, {WHERE, "client_ip=UNKNOWN,192.0.*", true},
    {WHERE, "src=10.0.0.1,192.0.2.1", true}, {WHERE, "severity=1,6", true}, {WHERE, "id=722051,722055", true}, {WHERE, "status=partial,ok", true},
    {WHERE, "src_port=1,514", true}, {WHERE, "user=alice,bob", false}, {WHERE, "message=*Address <10.8.0.5>, *", false}, {WHERE, "user=~ali", false},
    {WHERE, "fields.user=alice", true}, {WHERE, "src_port=514", true}, {WHERE, "fields.src_port=514", false}, {WHERE, "transport=udp", true}, {WHERE, "transport=TCP", false}, {WHERE, "hostname=fw1,fw2", false}, {WHERE, "assigned_ipv4=none", false},
};

static void options_select_what_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (matches(rows[i].option, rows[i].value) != rows[i].matches)
            fail_msg("%d %s: should be %d", rows[i].option, rows[i].value, rows[i].matches);
}

static void wrong_values_are_told(void **state)
{
    (void)state;
    static const struct {
        enum option option;
        const char *value;
    } wrong[] = {{ID, ""},
                 {ID, "x"},
                 {ID, "72205"},
                 {ID, "722051-72200"},
                 {ID, "722051,"},
                 {ID, "0722051"},
                 {DEVICE, ""},
                 {DEVICE, "fw1,"},
                 {DEVICE, "192.0.2.0/33"},
                 {DEVICE, "2001:db8::/129"},
                 {WHERE, "client_ip=192.0.2.0/99"},
                 {WHERE, "client_ip=192.0.2.0/255.255.255.0"},
                 {WHERE, "client_ip="},
                 {WHERE, "client_ip=192.0.2.7,"},
                 {WHERE, "client_ip=192.0.2.7, 192.0.2.8"},
                 {WHERE, "client_ip=~10"},
                 {WHERE, "client_ip=192.0.2.999"},
                 {WHERE, "src=fw1"},
                 {WHERE, "severity=0-4"},
                 {WHERE, "severity=8"},
                 {WHERE, "severity=warning"},
                 {WHERE, "id=722051-722055"},
                 {WHERE, "status=fine"},
                 {WHERE, "src_port=99999"},
                 {WHERE, "svc_message_type=logout"},
                 {WHERE, "peer_type=a b"},
                 {WHERE, "src=192.0.2.0/33"},
                 {SEVERITY, "8"},
                 {SEVERITY, "loud"},
                 {SEVERITY, ""},
                 {STATUS, "fine"},
                 {WHERE, "user"},
                 {WHERE, "=x"},
                 {WHERE, "user!=alice"},
                 {WHERE, "fields.hostname=fw1"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct selection *selection = selection_new();
        char *sentence = add(selection, wrong[i].option, wrong[i].value);
        if (!sentence)
            sentence = selection_bind(selection, msgt_builtin());
        if (!sentence)
            fail_msg("%s is taken", wrong[i].value);
        g_free(sentence);
        selection_free(selection);
    }
    struct selection *selection = selection_new();
    assert_null(selection_add_where(selection, "nobody=x"));
    char *sentence = selection_bind(selection, msgt_builtin());
    assert_non_null(sentence);
    g_free(sentence);
    selection_free(selection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_select_what_they_say),
        cmocka_unit_test(wrong_values_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
