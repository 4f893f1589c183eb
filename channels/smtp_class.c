/* smtp_class: what an SMTP refusal means. The text after the code decides, by NetEase's and QQ's
 * published and observed replies; where no row fits, RFC 5321: 4xx later, 5xx never. */
#include "channels/private.h"
#include <string.h>

enum { MINUTE = 60, HOUR = 3600 };

static const struct {
    int code;
    const char *text; /* part of the reply, any case; NULL: any */
    enum outcome outcome;
    int retry_after;
} rules[] = {
    /* the sender, its address or its login: nothing else will go out either */
    { 450, "DT:RBL", OUTCOME_STOPPED, HOUR },
    { 450, "WM:BLI", OUTCOME_STOPPED, HOUR },
    { 450, "WM:BLU", OUTCOME_STOPPED, HOUR },
    { 454, "auth", OUTCOME_STOPPED, 15 * MINUTE },
    { 501, "From", OUTCOME_STOPPED, HOUR },
    { 530, NULL, OUTCOME_STOPPED, HOUR },
    { 534, NULL, OUTCOME_STOPPED, HOUR },
    { 535, NULL, OUTCOME_STOPPED, HOUR },
    { 538, NULL, OUTCOME_STOPPED, HOUR },
    { 550, "User has no permission", OUTCOME_STOPPED, HOUR },
    { 553, "Mail from must equal", OUTCOME_STOPPED, HOUR },
    { 553, "authorized user", OUTCOME_STOPPED, HOUR },
    { 554, "DT:SUM", OUTCOME_STOPPED, HOUR },
    { 554, "HL:IPB", OUTCOME_STOPPED, HOUR },
    { 554, "MI:SPB", OUTCOME_STOPPED, HOUR },
    { 554, "IP in blacklist", OUTCOME_STOPPED, HOUR },
    /* too much, too fast: the same mail goes out later */
    { 421, NULL, OUTCOME_DEFERRED, 15 * MINUTE },
    { 451, "DT:SPM", OUTCOME_DEFERRED, 2 * MINUTE },
    { 451, "MI:SFQ", OUTCOME_DEFERRED, 15 * MINUTE },
    { 451, "RP:QRC", OUTCOME_DEFERRED, 15 * MINUTE },
    { 451, "RP:CEL", OUTCOME_DEFERRED, 15 * MINUTE },
    { 450, "MI:CEL", OUTCOME_DEFERRED, MINUTE },
    { 450, "MI:DMC", OUTCOME_DEFERRED, MINUTE },
    { 450, "MI:CCL", OUTCOME_DEFERRED, MINUTE },
    { 450, "RP:DRC", OUTCOME_DEFERRED, MINUTE },
    { 450, "RP:CCL", OUTCOME_DEFERRED, MINUTE },
    { 550, "MI:STC", OUTCOME_DEFERRED, 6 * HOUR },
    { 550, "RP:TRC", OUTCOME_DEFERRED, 6 * HOUR },
    { 550, "frequency limited", OUTCOME_DEFERRED, HOUR },
    { 554, "HL:IHU", OUTCOME_DEFERRED, 2 * HOUR },
    { 554, "MI:STC", OUTCOME_DEFERRED, 6 * HOUR },
    { 554, "auth error limit", OUTCOME_DEFERRED, 2 * HOUR },
};

struct smtp_class smtp_classify(int code, const char *reply)
{
    for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
        if (rules[i].code == code &&
            (rules[i].text == NULL || strcasestr(reply, rules[i].text) != NULL))
            return (struct smtp_class){ rules[i].outcome, rules[i].retry_after };
    if (code >= 500)
        return (struct smtp_class){ OUTCOME_FAILED, 0 };
    return (struct smtp_class){ OUTCOME_DEFERRED, 5 * MINUTE };
}
