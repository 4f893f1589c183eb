/* What a notice asks for and what it says of silence. */
#include "wording/notice/private.h"

#include "base/base.h"
#include "wording/date.h"
#include "wording/words.h"
#include <string.h>

/* ---- kind: the first row whose pattern the title has, else the body */
static struct kind_row {
    const char *kind;
    struct pattern title, body;
} kinds[] = {
    { "agenda",
      { "议题[^，。]{0,8}(?:征集|报送|申报|建议)|(?:征集|报送|申报|提出)[^，。]{0,24}议题", NULL },
      { "(?:提出|报送|申报)[^，。；]{0,12}议题", NULL } },
    { "follow_up", { "督办|督查|整改|落实情况", NULL }, { "督办|限期整改", NULL } },
    { "consultation",
      { "征求(?!意见情况)[^。]{0,120}(?:意见|建议)|征集[^。]{0,60}(?:意见|建议)|征求意见|提出[^。]{"
        "0,30}意见",
        NULL },
      { "征求(?:你们|贵|各)?[^，。；]{0,16}意见|(?:提出|研提|反馈)[^，。；]{0,12}意见", NULL } },
    { "meeting",
      { "(?:召开|举行|举办|参加|出席)[^。]{0,80}(?:会|培训班|论坛)|会议(?:的)?(?:预|补充)?通知|"
        "开会",
        NULL },
      { "(?:召开|举行)[^，。；]{0,40}会", NULL } },
    { "report",
      { "报送|上报|填报|提交|申报|推荐|总结|填写|统计|汇总|自评|自查|报名|征集", NULL },
      { "(?:请|须|务必)[^。；]{0,40}(?:报送|上报|填报|提交|申报)", NULL } },
    { "notice", { "通知|通报|公告", NULL }, { "(?!)", NULL } },
};

void notice_read_kind(struct notice *notice)
{
    const char *title = json_string_value(json_object_get(notice->json, "title"));
    for (gsize i = 0; title != NULL && i < G_N_ELEMENTS(kinds) - 1; i++)
        if (pattern_in(&kinds[i].title, title, (struct span){ 0, strlen(title) })) {
            json_object_set_new(notice->json, "kind", json_string(kinds[i].kind));
            json_object_set(notice->evidence, "kind", json_object_get(notice->evidence, "title"));
            return;
        }
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        struct span found;
        gboolean plain = i == G_N_ELEMENTS(kinds) - 1 && title != NULL;
        if (plain && pattern_in(&kinds[i].title, title, (struct span){ 0, strlen(title) })) {
            json_object_set_new(notice->json, "kind", json_string(kinds[i].kind));
            json_object_set(notice->evidence, "kind", json_object_get(notice->evidence, "title"));
        } else if (pattern_find(&kinds[i].body, notice->text, notice->body, 0, &found)) {
            json_object_set_new(notice->json, "kind", json_string(kinds[i].kind));
            notice_prove(notice, "kind", notice_sentence(notice, found));
            return;
        }
    }
}

/* ---- requires */

#define NOT_WANTED "(?:无需|不需要?|不必|不用|不再|不须|免予?|不接收|不接受|不收|毋须|可不)"
static struct need_row {
    const char *field;
    struct pattern no, yes;
} needs[] = {
    { "electronic",
      { NOT_WANTED "[^，,。；]{0,8}(?:电子|邮件)|电子[^，,。；]{0,4}(?:不再|无需|不需|不用|不必|不)"
                   "(?:要)?(?:报|提交|交|发|送)|(?:仅|只)(?:需|须)?[^，,。；]{0,6}(?:纸质|书面)",
        NULL },
      { "电子\\s*(?:版|文档|文本|稿|件|文件|材料|邮件|档|表|格式)|电子邮[件箱]"
        "|(?:发送?|传|报送?|反馈|寄|回复)[^，,。；]{0,40}(?:邮\\s*箱|[Ee]-?[Mm]ail|[A-Za-z0-9._-]{"
        "1,"
        "64}\\s*[@＠])"
        "|(?:通过|采用|以|用)[^，,。；]{0,4}(?:邮箱|邮件|电邮)"
        "|邮箱[^，,。；]{0,6}(?:发送|反馈)|扫描件[^，,。；]{0,12}(?:发|传|上传)|发[^，,。；]{0,4}"
        "邮箱",
        NULL } },
    { "paper",
      { NOT_WANTED
        "[^，,。；]{0,8}(?:纸质|书面|原件)|(?:纸质|书面)[^，,。；]{0,4}(?:不再|无需|不需|不用|不必|"
        "不)(?:要)?(?:报|提交|交|寄|送)|(?:仅|只)(?:需|须)?[^，,。；]{0,6}(?:电子)",
        NULL },
      { "纸质|纸版|书面(?:材料|文档|文件|件|形式|盖章|报告|(?:修改)?意见(?:[（(][^（()）]{0,8}章[)"
        "）]))|原件|[一二两三四五六七八九十]式[^"
        "，。；]{1,2}份"
        "|邮寄|寄送|寄至|寄到|红头文件",
        NULL } },
    { "seal",
      { NOT_WANTED "[^，,。；]{0,4}(?:加盖|盖|签)[^，,。；]{0,6}章|" NOT_WANTED "盖章", NULL },
      { "(?:加盖|盖)[^，,。；]{0,8}章|盖章|签章", NULL } },
    { "fax_accepted",
      { "传真(?:件)?(?:一律)?(?:无效|不予|不接|不收)|(?:不接受|不接收|不收|不得|不能|勿)[^，,。；]{"
        "0,6}传真",
        NULL },
      { "(?:可|或|、|以|通过|用|采用|也可)(?:者)?[^，,。；:：]{0,6}传真(?!\\s*[:：])(?!件?(?:一律)?"
        "(?:无效|不))"
        "|传真(?:至|到|发|方式|报送|形式|均可|有效)",
        NULL } },
};
PATTERN(copies, "[一二两三四五六七八九十]式\\s*([0-9０-９一二两三四五六七八九十]{1,2})\\s*份");
PATTERN(form, "(?:填写|填报|填好|按照?)[^，。；《]{0,10}《([^《》\\n]{2,40}表)》");

static void set_need(struct notice *notice, const char *field, json_t *value, struct span found)
{
    g_autofree char *path = g_strconcat("requires.", field, NULL);
    json_object_set_new(json_object_get(notice->json, "requires"), field, value);
    notice_prove(notice, path, notice_sentence(notice, found));
}

static void read_needs(struct notice *notice)
{
    struct span found;
    for (gsize i = 0; i < G_N_ELEMENTS(needs); i++)
        if (pattern_find(&needs[i].no, notice->text, notice->body, 0, &found))
            set_need(notice, needs[i].field, json_false(), found);
        else if (pattern_find(&needs[i].yes, notice->text, notice->body, 0, &found))
            set_need(notice, needs[i].field, json_true(), found);
    if (pattern_find(&copies, notice->text, notice->body, 1, &found)) {
        g_autofree char *number = span_text(notice->text, found);
        int n = g_str_equal(number, "两") ? 2 : date_number(number);
        if (n > 0)
            set_need(notice, "copies", json_integer(n), found);
    }
    if (pattern_find(&form, notice->text, notice->body, 1, &found))
        set_need(notice, "form", span_json(notice->text, found), found);
}

/* ---- silence */

PATTERN(
    silent,
    "(?:逾期|过期|超期|到期|期满|未[^，,。；]{0,10}(?:反馈|回复|复函|答复|报送?|提出|意见)"
    "|不(?:反馈|回复|报)|(?:没有|无)反馈)"
    "[^。；\\n]{0,30}?(?<![不得])(?<!不予)(?:视\\s*为|视同|视作|即为|默认为?|按照?|作)"
    "[^。；，,\\n]{0,12}?"
    "(?:无(?:任何)?(?:不同|修改|反馈)?(?:意\\s*见|异\\s*议)|没有(?:不同|修改|任何)?(?:意见|异议)"
    "|同意|认同|认可|赞成|确认[^，。；]{0,6}无误)");

static void read_silence(struct notice *notice)
{
    struct span found;
    if (pattern_find(&silent, notice->text, notice->body, 0, &found)) {
        json_object_set_new(notice->json, "silence", json_string("deemed_no_objection"));
        notice_prove(notice, "silence", notice_sentence(notice, found));
    } else if (g_strcmp0(json_string_value(json_object_get(notice->json, "kind")),
                         "consultation") == 0) {
        notice_warn(notice, "no_silence_rule", "没有写明逾期不反馈怎么办，不会把沉默当作同意");
    }
}

/* ---- mailbox */

PATTERN(address,
        "(?<![A-Za-z0-9._+-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\\s*[@＠]\\s*[A-Za-z0-9-]{1,63}"
        "(?:\\s*[.．]\\s*[A-Za-z0-9-]{1,63}){1,8}");

static void read_mailbox(struct notice *notice)
{
    struct span found;
    if (!pattern_find(&address, notice->text, notice->body, 0, &found))
        return;
    g_autofree char *words = span_text(notice->text, found);
    g_autofree char *plain = g_utf8_normalize(words, -1, G_NORMALIZE_NFKC);
    g_autofree char *mailbox = text_compact(plain);
    json_object_set_new(notice->json, "mailbox", json_string(mailbox));
    notice_prove(notice, "mailbox", notice_sentence(notice, found));
    const char *ours = notice->setting->mailbox;
    if (ours != NULL && g_ascii_strcasecmp(ours, mailbox) != 0)
        notice_warn(notice, "foreign_mailbox", "通知里的邮箱 %s 不是本办公室的 %s", mailbox, ours);
}

void notice_read_terms(struct notice *notice)
{
    read_needs(notice);
    read_silence(notice);
    read_mailbox(notice);
}

/* ---- secrets */

PATTERN(marked_line, "^(?:绝\\s*密|机\\s*密|秘\\s*密)(?:\\s*[★☆*].*)?$"
                     "|(?:绝\\s*密|机\\s*密|秘\\s*密)\\s*★");
PATTERN(secret_words,
        "工作秘密|内部(?:资料|文件|使用|掌握|材料|刊物)|绝密|机密|秘密|^\\s*内\\s*部\\s*$");

char *notice_secret_mark(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *words = words_trim(*line);
        if (pattern_in(&marked_line, words, (struct span){ 0, strlen(words) }))
            return g_steal_pointer(&words);
    }
    return NULL;
}

void notice_read_secrets(struct notice *notice)
{
    struct span found, all = { 0, strlen(notice->text) };
    g_autofree char *mark = notice_secret_mark(notice->text);
    if (mark != NULL) {
        notice_warn(notice, "secret_marking", "有密级标志“%s”，不得通过公共邮件发送", mark);
    } else if (pattern_find(&secret_words, notice->text, all, 0, &found)) {
        g_autofree char *words = span_text(notice->text, found);
        notice_warn(notice, "secret_words", "正文里有“%s”字样，请确认可以通过公共邮件发送", words);
    }
}
