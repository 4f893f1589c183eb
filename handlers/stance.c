/* What a reply says: a plain reading by wording. The rule above all: 无意见 counts only where
 * nothing speaks against it; whatever is doubtful is `unclear` and goes to a person. */
#include "handlers/evidence.h"
#include "handlers/private.h"
#include "wording/wording.h"

#include <string.h>

/* Words that we wrote or that only name papers prove nothing: they are overwritten. */
static void mask(struct squeezed *s, gsize from, gsize n)
{
    memset(s->text->str + from, '\x01', n);
}

static void mask_all(struct squeezed *s, const char *word)
{
    if (*word == '\0')
        return;
    for (char *hit = strstr(s->text->str, word); hit != NULL; hit = strstr(hit + 1, word))
        mask(s, (gsize)(hit - s->text->str), strlen(word));
}

static void mask_pattern(struct squeezed *s, const GRegex *regex)
{
    g_autoptr(GMatchInfo) match = NULL;
    g_autofree char *copy = g_strdup(s->text->str);
    for (g_regex_match(regex, copy, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        int from, to;
        g_match_info_fetch_pos(match, 0, &from, &to);
        mask(s, (gsize)from, (gsize)(to - from));
    }
}

/* What each rule looks for. The pattern is matched on masked text without white space. */
enum mark {
    MARK_NONE,        /* no opinion */
    MARK_HYPOTHESIS,  /* 如无意见 …: not said of themselves */
    MARK_OPINION,     /* something is to be changed */
    MARK_RESERVATION, /* the rest, but, except … */
    MARK_AGREEMENT,   /* 原则同意 */
    MARK_CORRECTION,
    MARK_WITHDRAWAL,
    MARK_NOT_CONCERNED,
    MARK_EXTENSION,
    MARK_QUESTION,
    MARK_BLANK,     /* a form that nobody filled in */
    MARK_HANDED_IN, /* 修改意见 are said to be attached */
    MARK_RECEIVED,
    MARKS,
};

/* 无意见 in its many forms. */
#define NO "(?:暂|均|也|并|确)?(?:无|没有|没)"
#define ANY "(?:任何|其他|其它|别的|什么|啥|进一步|具体|不同|补充|修改|反馈|原则性)*(?:的)?"
#define OPINION "(?:意见|异议|建议|问题)(?:(?:和|及|与|、|或|/)?(?:建议|意见|异议))?"
#define NOTHING \
    "(?:" NO ANY OPINION "|(?:不提|未提|没有提|不再提|没提)(?:出)?(?:任何|修改|不同|补充|反馈)*" \
    "的?(?:意见|异议|建议)|不持异议|(?:没有|无)不同看法|" \
    "(?:没有|无)(?:什么)?(?:要|需要)?(?:补充|修改|改动)的?(?=$|[了。，；！])|(?:无需|不需要?|" \
    "不用|不必|" \
    "不作)(?:再)?(?:修改|改动|调整)(?![：:])|(?:" \
    "没有|无|未发现)需要?(?:修改|补充|完善)的?(?:意见|内容|地方|问题)?)"

/* Not marks, but names of papers, where ours prove nothing, and links, whose "?" asks nothing. */
enum { NAMED_PAPER = MARKS, ASKED_FOR, WEB_ADDRESS, PATTERNS };

static const char *const patterns[PATTERNS] = {
    [MARK_HYPOTHESIS] =
        "(?:如(?!下|何)|若|倘|假如|如果)[^。；！？，,]{0,8}有[^。；！？，,]{0,6}(?:意见|建议|异议)|"
        "(?:如(?!下|何)|若|倘|假如|如果|是否|有无|逾期|视为|视同|按(?!照|要求|程序|通知))[^"
        "。；！？，,]{0,18}" NOTHING "|" NOTHING
        "(?:的?单位|的?部门|也(?:请|须|需|要)|的?请|的?须|的?需|吗|么|？|\\?)",
    [MARK_NONE] = NOTHING
    "|(?:意见|建议)(?:内容|情况)?[:：]无(?=$|[。；，（(]|[^\\p{Han}]|反馈|联系|单位|理由)",
    [MARK_OPINION] =
        "建议(?!无|没有|[:：]无)|修改为|改为|改成|调整为|修改如下|如下意见|以下意见|增加|增补|"
        "(?<!无|没有|没)"
        "补充|"
        "删除|删去|删掉|去掉|划去|剔除|移除|换成|写为|写成|统一为|统一改|明确为|不同意(?![）)]|"
        "意见)|"
        "不赞成|有异议|有意见|(?<!没)有不同|不妥|不宜|宜[^。，；]{1,8}[。，；]|商榷|斟酌|完善|细化|"
        "合并|"
        "放宽|移至|"
        "应当|应为|应将|应该(?!没|无)|应由|希望|请将|请把|请(?:予以)?(?:更正|修改|调整|补充|增|删)|"
        "替换为|"
        "[把将][^，。；]{1,40}改|应是|后面?加|前面?加|难以落实|过高|太高|划转|酌改|不再(?:承担|设|"
        "担任|负责)|请填|保留|"
        "(?:不|欠)(?:准确|一致|符|规范|妥|清晰|明确)|有误|错别字|笔误|遗漏|想法|"
        "修改意见[一二三四五六七八九十0-9]",
    [MARK_RESERVATION] = "(?:需|须|待)[^。，；]{1,16}(?:后|方可|再)|但是|但|不过|除[^。]{1,30}外|"
                         "其他|其它|其余|另外|此外|前提|然而|"
                         "(?:需|须|请)(?:注意(?!查收|接收)|考虑)",
    [MARK_AGREEMENT] = "原则(?:上)?同意|基本同意|总体同意",
    [MARK_CORRECTION] = "(?<!请|予以|以)更正|以此(?:件|次|稿|版|份)?为准|以本(?:次|件|邮件|版)为准|"
                        "(?:前|上)(?:件|一?份|一?封|次)[^。]{0,8}(?:作废|有误)|重新报送|重新提交",
    [MARK_WITHDRAWAL] = "撤回|收回[^。]{0,12}意见",
    [MARK_NOT_CONCERNED] = "不涉及(?:我|本|到我)|(?:与|和)(?:我|本)[^。，]{0,8}(?:无关|没有关系)|"
                           "不属于?(?:我|本)[^。，]{0,8}(?:职责|职能|范围)",
    [MARK_EXTENSION] =
        "延期|宽限|延后|推迟|晚[^。，]{0,4}[天日](?:报|反馈|提交)|延长[^。，]{0,8}(?:时间|期限)",
    [MARK_QUESTION] = "？|\\?|请问|咨询一下|请教|烦请告知|请明确",
    [MARK_BLANK] = "_{3,}|同意[（(]不同意[）)]|[□☐☑✓√■][^。；]{0,12}(?:同意|意见)|有[/／]无意见|"
                   "有[（(]无[）)]意见|[有无]意见[/／][有无]意见",
    [MARK_HANDED_IN] = "修改意见|修改建议|意见建议|意见和建议|修改稿|修订稿",
    [MARK_RECEIVED] = "收到|收悉|知悉|已阅|已转",
    [NAMED_PAPER] = "《[^》]{1,120}》",
    [ASKED_FOR] = "征求[^。；，]{0,60}?意见(?:建议)?(?:的(?:通知|函|来函|文件))?",
    [WEB_ADDRESS] = "https?://[!-~]+",
};

/* Compiled once: there are fifteen, and every mail meets all of them. */
static const GRegex *regex_of(int pattern)
{
    static GRegex *regexes[PATTERNS];
    static gsize once;
    if (g_once_init_enter(&once)) {
        for (int i = 0; i < PATTERNS; i++) {
            regexes[i] = g_regex_new(patterns[i], G_REGEX_OPTIMIZE, 0, NULL);
            g_assert(regexes[i] != NULL);
        }
        g_once_init_leave(&once, 1);
    }
    return regexes[pattern];
}

struct reading {
    gboolean found[MARKS];
    char *evidence[MARKS]; /* of the first hit */
    gboolean blank_form;
};

static void look_for(struct reading *reading, struct squeezed *s, enum mark mark, gboolean hide)
{
    g_autoptr(GMatchInfo) match = NULL;
    int from, to;
    if (!g_regex_match(regex_of(mark), s->text->str, 0, &match))
        return;
    g_match_info_fetch_pos(match, 0, &from, &to);
    if (!reading->found[mark])
        reading->evidence[mark] = squeezed_sentence(s, (gsize)from, (gsize)to);
    reading->found[mark] = TRUE;
    if (hide)
        mask_pattern(s, regex_of(mark));
}

static void read_text(struct reading *reading, const char *text, const char *title)
{
    struct squeezed s;
    squeeze(&s, text);
    if (title != NULL) {
        g_autofree char *words = text_compact(title);
        mask_all(&s, words);
    }
    mask_pattern(&s, regex_of(NAMED_PAPER));
    mask_pattern(&s, regex_of(ASKED_FOR));
    mask_pattern(&s, regex_of(WEB_ADDRESS));
    look_for(reading, &s, MARK_BLANK, TRUE);
    look_for(reading, &s, MARK_HYPOTHESIS, TRUE);
    look_for(reading, &s, MARK_NONE, TRUE);
    for (enum mark mark = MARK_OPINION; mark < MARKS; mark++)
        if (mark != MARK_BLANK)
            look_for(reading, &s, mark, FALSE);
    unsqueeze(&s);
}

/* An attached paper that we could not read may say anything. */
static gboolean is_unread_paper(const struct attachment *a)
{
    gboolean picture = g_str_has_prefix(a->content_type, "image/");
    return attachment_text(a) == NULL && !(a->is_inline && picture);
}

static void find(struct reading *reading, enum mark mark, const char *evidence)
{
    if (!reading->found[mark])
        reading->evidence[mark] = g_strdup(evidence);
    reading->found[mark] = TRUE;
}

/* The first text in a list of changes or of comments; an empty one still is one. */
static void find_marked(struct reading *reading, json_t *list, const char *filename)
{
    const char *text = json_string_value(json_object_get(json_array_get(list, 0), "text"));
    if (json_array_size(list) > 0)
        find(reading, MARK_OPINION, text != NULL && *text != '\0' ? text : filename);
}

/* Changes, comments and forms speak for themselves, in an archive too; our form is there to be
 * written into. */
static void read_document(struct reading *reading, json_t *document, const char *filename,
                          const struct ours *ours)
{
    g_autofree char *cell = NULL;
    size_t i;
    json_t *member;
    if (!ours_is_form(ours, document))
        find_marked(reading, json_object_get(document, "revisions"), filename);
    find_marked(reading, json_object_get(document, "comments"), filename);
    switch (form_read(json_object_get(document, "tables"), &cell)) {
    case FORM_OPINION:
        find(reading, MARK_OPINION, cell);
        break;
    case FORM_NO_OPINION:
        find(reading, MARK_NONE, cell);
        break;
    case FORM_BLANK:
        reading->blank_form = TRUE;
        break;
    case FORM_NONE_THERE:
        break;
    }
    json_array_foreach (json_object_get(document, "members"), i, member) {
        const char *name = json_string_value(json_object_get(member, "name"));
        read_document(reading, member, name != NULL ? name : filename, ours);
    }
}

/* So does a copy of ours that was edited without a trace, unless it says that nothing is wanted. */
static void read_copy(struct reading *reading, json_t *document, const struct ours *ours)
{
    size_t i;
    json_t *member;
    g_autofree char *line = ours_edited(ours, json_string_value(json_object_get(document, "text")));
    if (line != NULL && !reading->found[MARK_NONE] && !ours_is_form(ours, document))
        find(reading, MARK_OPINION, line);
    json_array_foreach (json_object_get(document, "members"), i, member)
        read_copy(reading, member, ours);
}

/* The name of a paper that nobody could read tells at most that it brings opinions. */
static void read_name(struct reading *reading, const struct attachment *a, const char *title)
{
    struct reading name = { 0 };
    read_text(&name, a->filename, title);
    if (name.found[MARK_HANDED_IN] && !name.found[MARK_NONE])
        find(reading, MARK_HANDED_IN, a->filename);
    for (int mark = 0; mark < MARKS; mark++)
        g_free(name.evidence[mark]);
}

static gboolean read_attachment(struct reading *reading, const struct attachment *a,
                                const struct ours *ours)
{
    if (ours_has_file(ours, a->sha256))
        return FALSE;
    g_autofree char *text = ours_without(ours, attachment_text(a));
    if (ours_is_form(ours, a->document) && text != NULL && *text == '\0')
        return FALSE; /* it came back as it went */
    read_document(reading, a->document, a->filename, ours);
    if (is_unread_paper(a)) {
        read_name(reading, a, ours_title(ours));
        return TRUE;
    }
    if (text != NULL)
        read_text(reading, text, ours_title(ours));
    read_copy(reading, a->document, ours);
    gboolean partial = FALSE;
    size_t i;
    json_t *member;
    json_array_foreach (json_object_get(a->document, "members"), i, member)
        partial |= json_is_null(json_object_get(member, "text"));
    return partial;
}

static gboolean read_attachments(struct reading *reading, const struct mail *mail,
                                 const struct ours *ours)
{
    gboolean unread = json_array_size(mail->links) > 0;
    for (guint i = 0; i < mail->attachments->len; i++)
        unread |= read_attachment(reading, mail->attachments->pdata[i], ours);
    return unread;
}

enum { RECEIVED_MAX = 40 }; /* characters: a longer mail says more than 收到 */

static gboolean is_short(const char *text)
{
    g_autofree char *words = text_compact(text);
    return g_utf8_strlen(words, -1) <= RECEIVED_MAX;
}

/* The order is the order of proof: an opinion anywhere beats 无意见 anywhere. */
static enum stance decide(const struct reading *r, const struct mail *mail, gboolean unread,
                          enum mark *mark)
{
    gboolean silent = !r->found[MARK_NONE];
    if (r->found[MARK_BLANK])
        return *mark = MARK_BLANK, STANCE_UNCLEAR;
    if (r->found[MARK_WITHDRAWAL])
        return *mark = MARK_WITHDRAWAL, STANCE_WITHDRAWAL;
    if (r->found[MARK_EXTENSION])
        return *mark = MARK_EXTENSION, STANCE_EXTENSION;
    if (r->found[MARK_OPINION] && r->found[MARK_AGREEMENT])
        return *mark = MARK_AGREEMENT, STANCE_CONDITIONAL;
    if (r->found[MARK_OPINION] && r->found[MARK_QUESTION] && !unread)
        return *mark = MARK_QUESTION, STANCE_UNCLEAR;
    if (r->found[MARK_OPINION])
        return *mark = MARK_OPINION, STANCE_COMMENTS;
    if (r->found[MARK_AGREEMENT] && r->found[MARK_RESERVATION])
        return *mark = MARK_AGREEMENT, STANCE_CONDITIONAL;
    if (r->found[MARK_QUESTION])
        return *mark = MARK_QUESTION, STANCE_QUESTION;
    if (unread)
        return *mark = MARK_HANDED_IN,
               r->found[MARK_HANDED_IN] && silent ? STANCE_COMMENTS : STANCE_UNCLEAR;
    if (r->found[MARK_RESERVATION] || (r->found[MARK_HYPOTHESIS] && !silent))
        return *mark = MARK_RESERVATION, STANCE_UNCLEAR;
    if (!silent)
        return *mark = MARK_NONE, STANCE_NO_COMMENT;
    if (r->found[MARK_NOT_CONCERNED])
        return *mark = MARK_NOT_CONCERNED, STANCE_NOT_CONCERNED;
    if (r->found[MARK_RECEIVED] && is_short(mail->new_text))
        return *mark = MARK_RECEIVED, STANCE_ACKNOWLEDGED;
    return *mark = MARK_RECEIVED, STANCE_UNCLEAR;
}

/* 无意见 counts only if nothing else is said, in the mail and in what is attached. */
static gboolean is_plain(const struct mail *mail, const struct ours *ours)
{
    g_autofree char *body = ours_answer(ours, mail);
    gboolean plain = says_nothing_else(body, ours_title(ours));
    for (guint i = 0; plain && i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        if (attachment_text(a) == NULL || ours_has_file(ours, a->sha256))
            continue;
        g_autofree char *text = ours_without(ours, attachment_text(a));
        plain = says_nothing_else(text, ours_title(ours));
    }
    return plain;
}

enum stance stance_of_mail(const struct mail *mail, const struct ours *ours, enum stance *content,
                           char **evidence)
{
    struct reading reading = { 0 };
    enum mark mark = MARK_NONE;
    *evidence = NULL;
    if (strlen(mail->text) > LETTER_MAX)
        return *content = STANCE_UNCLEAR;
    g_autofree char *body = ours_answer(ours, mail);
    read_text(&reading, body, ours_title(ours));
    gboolean unread = read_attachments(&reading, mail, ours);
    *content = decide(&reading, mail, unread, &mark);
    if (*content == STANCE_NO_COMMENT && (reading.blank_form || !is_plain(mail, ours)))
        *content = STANCE_UNCLEAR;
    *evidence = g_strdup(reading.evidence[mark]);
    enum stance stance = *content;
    if (reading.found[MARK_CORRECTION] &&
        (stance_is_answer(stance) || (stance == STANCE_UNCLEAR && unread)))
        stance = STANCE_CORRECTION;
    for (int i = 0; i < MARKS; i++)
        g_free(reading.evidence[i]);
    return stance;
}
