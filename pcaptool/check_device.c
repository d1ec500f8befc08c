/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages in which the device itself says that logging fails. */
#include "check.h"

static const struct report {
    uint32_t id;
    sentence_text said;
} reports[] = {
    {106101, {"the limit of cached deny flows is reached, further denials are not logged", "拒否フローのキャッシュが上限に達し、以後の拒否は記録されない"}},
    {201008, {"new connections are refused because the TCP syslog server is down", "TCP syslog サーバ停止のため新規接続を拒否"}},
    {414001, {"the logging buffer could not be saved to the FTP server", "ログ バッファを FTP サーバに保存できない"}},
    {414002, {"the logging buffer could not be saved to flash", "ログ バッファをフラッシュに保存できない"}},
    {414003, {"the TCP syslog server does not answer", "TCP syslog サーバが応答しない"}},
    {414006, {"the logging queue is full", "ログ キューが満杯"}},
};

static void record(struct check *check, void *user, struct device *device, const struct record *record)
{
    uint32_t id = record->message.id;
    (void)user;
    if (id < reports[0].id || id > reports[G_N_ELEMENTS(reports) - 1].id)
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(reports); i++)
        if (reports[i].id == id) {
            check_hit(check, &device->reports, MAX(record->message.repeat, 1u));
            if (!device->report_id)
                device->report_id = i + 1;
        }
}

static void conclude(struct check *check, const struct device *device)
{
    static sentence_text detail = {"{device} says so itself in {n} message{s}, first {id}: {said}.",
                                "{device} 自身がログの損失を {n} 件のメッセージで伝えています。最初は {id} (「{said}」) です。"};
    if (!device->reports)
        return;
    const struct report *report = &reports[device->report_id - 1];
    char *id = g_strdup_printf("%u", report->id);
    check_raise(check, CHECK_DEVICE_REPORTS_LOSS, device->name, device->reports, CHECK_CERTAIN, detail, "device", device->name,
                "n", check_number(check, device->reports->count), "id", id, "said", report->said[check->view->lang], NULL);
    g_free(id);
}

static void finish(struct check *check, void *user)
{
    (void)user;
    check_all_devices(check, conclude);
}

const struct check_family check_device = {.crowd = true, .record = record, .finish = finish};
