/* lianluo explain: how a mail would be understood in this office, and why; stores nothing. */
#include "bot/bot.h"

#include <stdio.h>

static struct mail *named_mail(struct cli *cli, struct bot *bot, GError **error)
{
    const char *name = cli->argv[0];
    if (g_file_test(name, G_FILE_TEST_EXISTS))
        return mail_with_papers(name, error);
    gint64 id = cli_number(name, "来信", NULL);
    struct message *m = id != 0 ? message_get(bot->db, id) : NULL;
    if (m == NULL) {
        fault_set(error, FAULT_REFUSED, "没有“%s”这个文件，也没有这个编号的来信", name);
        return NULL;
    }
    struct mail *mail = stored_mail(bot->db, m->sha256, TRUE, error);
    message_free(m);
    return mail;
}

static json_t *evidence_json(struct bot *bot, const struct judgement *j)
{
    json_t *list = json_array();
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        json_array_append_new(list,
                              json_pack("{ss si ss so so sb}", "rule", p->rule, "weight", p->weight,
                                        "text", p->text, "matter", json_id(p->matter), "unit",
                                        json_unit(bot->db, p->unit), "learnt", p->learnt));
    }
    return list;
}

/* Every rule that was tried, with how often it found something. */
static json_t *rules_json(const struct judgement *j)
{
    json_t *list = json_array();
    for (const char *const *rule = judge_rules(); *rule != NULL; rule++) {
        int found = 0;
        for (guint i = 0; i < j->evidence->len; i++)
            found += g_str_equal(((const struct proof *)j->evidence->pdata[i])->rule, *rule);
        json_array_append_new(list, json_pack("{ss si}", "rule", *rule, "found", found));
    }
    return list;
}

/* What else it seems to be for. */
static json_t *also_json(struct bot *bot, const struct judgement *j)
{
    json_t *list = json_array();
    g_autoptr(GArray) sides = judgement_sides(j);
    for (guint i = 1; i < sides->len; i++) {
        const struct side *side = &g_array_index(sides, struct side, i);
        json_array_append_new(list, json_pack("{so so}", "matter", json_id(side->matter), "unit",
                                              json_unit(bot->db, side->unit)));
    }
    return list;
}

static json_t *explain(struct bot *bot, const struct mail *mail, gboolean *waits)
{
    gboolean person = mail->kind == MAIL_PERSON;
    struct judgement *j = judge(&bot->office, mail);
    gboolean clear = person && j->matter != 0 && j->unit != 0;
    *waits = person && j->tag != NULL;
    json_auto_t *list = opinions_of_mail(&bot->office, j->proposed_matter, j->proposed_unit, mail);
    json_t *opinions = person ? json_integer((json_int_t)json_array_size(list)) : json_null();
    json_t *json = json_pack(
        "{ss ss so so s{so so so} so so so so so so}", "kind", mail_kind_text(mail->kind),
        "verdict", *waits ? "review" : "filed", "matter", json_id(clear ? j->matter : 0), "unit",
        json_unit(bot->db, clear ? j->unit : 0), "proposal", "matter", json_id(j->proposed_matter),
        "unit", json_unit(bot->db, j->proposed_unit), "also", also_json(bot, j), "stance",
        person ? json_string(stance_text(j->stance)) : json_null(), "stance_evidence",
        json_text(person ? j->stance_evidence : NULL), "opinions", opinions, "evidence",
        evidence_json(bot, j), "rules", rules_json(j), "reason", json_text(j->reason));
    judgement_free(j);
    return json;
}

static void print_explained(json_t *json)
{
    size_t i;
    json_t *e;
    json_array_foreach (json_object_get(json, "evidence"), i, e) {
        const char *of = json_string_value(json_object_get(e, "unit"));
        g_autofree char *text = text_printable(json_string_value(json_object_get(e, "text")));
        g_autofree char *matter =
            g_strdup_printf("事项 %d", (int)json_integer_value(json_object_get(e, "matter")));
        printf("依据：%-16s %3d  %s：%s%s\n", json_string_value(json_object_get(e, "rule")),
               (int)json_integer_value(json_object_get(e, "weight")), of != NULL ? of : matter,
               text, json_is_true(json_object_get(e, "learnt")) ? "（学到的叫法）" : "");
    }
    printf("试过而没有找到的：");
    json_array_foreach (json_object_get(json, "rules"), i, e)
        if (json_integer_value(json_object_get(e, "found")) == 0)
            printf(" %s", json_string_value(json_object_get(e, "rule")));
    printf("\n");
    const char *unit = json_string_value(json_object_get(json, "unit"));
    const char *stance = json_string_value(json_object_get(json, "stance"));
    const char *reason = json_string_value(json_object_get(json, "reason"));
    printf("种类：%s　单位：%s　态度：%s\n结论：%s%s%s\n",
           json_string_value(json_object_get(json, "kind")), unit != NULL ? unit : "未定",
           stance != NULL ? stance : "无",
           g_str_equal(json_string_value(json_object_get(json, "verdict")), "filed") ? "登记"
                                                                                     : "交人处理",
           reason != NULL ? "：" : "", reason != NULL ? reason : "");
}

static int run(struct cli *cli, GError **error)
{
    struct bot *bot = NULL;
    struct mail *mail = NULL;
    int code = FAULT_REFUSED;
    if (cli_expect(cli, 1, 1, "explain 文件.eml|来信", error) &&
        (bot = bot_open(cli->dir, error)) != NULL && (mail = named_mail(cli, bot, error)) != NULL) {
        gboolean waits = FALSE;
        json_t *json = explain(bot, mail, &waits);
        code = waits ? EXIT_WAITS : EXIT_DONE;
        if (cli->json) {
            print_json(json);
        } else {
            print_explained(json);
            json_decref(json);
        }
    }
    mail_free(mail);
    bot_close(bot);
    return code;
}

const struct command command_explain = {
    .name = "explain",
    .summary = "说明一封邮件会怎样处理、依据是什么（什么也不保存）",
    .help = "用法：lianluo explain 文件.eml|来信编号 [--json]\n\n要交人处理时退出码为 3。\n",
    .run = run,
};
