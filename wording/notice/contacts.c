/* Contacts: labels however spaced or misspelt, several names and numbers side by side. */
#include "wording/notice/private.h"

#include "base/base.h"
#include "wording/words.h"
#include <string.h>

PATTERN(person_label,
        "联\\s*系\\s*人(?:员)?|联络\\s*人|联络员(?=\\s*[：:])|经\\s*办\\s*人|业务咨询");
PATTERN(token,
        "(?<both>电\\s*[话活]\\s*(?:[（(/／、及和兼]\\s*)+传\\s*真\\s*[)）]?|传\\s*真\\s*[（(/"
        "／、及和兼]+\\s*电\\s*[话活]\\s*[)）]?)"
        "|(?<same>[（(]\\s*(?:[兼同及](?:\\s*作)?\\s*传\\s*真|传\\s*真\\s*同\\s*号?)\\s*[)）])"
        "|(?<fax>传\\s*真)"
        "|(?<phone>(?:联\\s*系\\s*|办公\\s*)?电\\s*[话活]|手\\s*机|座\\s*机|联系方式|[Tt][Ee][Ll])"
        "|(?<number>(?<![0-9A-Za-z])(?:(?:[（(]0[0-9]{2,3}[)）]|0[0-9]{2,3})\\s?[-—－–]?\\s?)?"
        "[0-9]{7,11}"
        "(?:[-—－转][0-9]{1,5})?(?![0-9A-Za-z@＠]))");
PATTERN(name_list,
        "^(?:及|和|与)?(?:其)?(?:联系)?(?:电\\s*话|方式)?\\s*[：:\\s]\\s*"
        "((?:[\\p{Han}·]{1,12}(?:[（(][^（()）]*[)）])?[ \\t　]*[、,，/；;]?[ \\t　]*)+)");
PATTERN(aside, "[（(][^（()）]*[)）]");
PATTERN(not_name, "电\\s*[话活]|传\\s*真|手\\s*机|邮\\s*箱|地\\s*址|联\\s*系|座机|邮编|附件|电子");

enum { REGION_LINES = 6, REGION_MAX = 1500 /* bytes */, MAX_PEOPLE = 8, LABELS_MAX = 30 };

struct region {
    GPtrArray *names, *phones, *faxes; /* char* */
    struct span span;
};

static void region_clear(gpointer data)
{
    struct region *r = data;
    g_ptr_array_unref(r->names);
    g_ptr_array_unref(r->phones);
    g_ptr_array_unref(r->faxes);
}

PATTERN(post, "^(?:副?(?:科|处|股|部|局|所|站|馆|校|院|组|会|秘书)长|副?主任|副?书记|副?主席|"
              "干部|科员|干事|(?:[一二三四]级)?(?:主任)?科员|秘书|专干|同志|老师|先生|女士)$");

/* 张 三 is one name, 科普部 张三 a place and a name. */
static void take_names(struct region *r, const char *words)
{
    struct span found;
    g_autoptr(GString) even = g_string_new(words);
    while (pattern_find(&aside, even->str, (struct span){ 0, even->len }, 0, &found))
        g_string_erase(even, (gssize)found.from, (gssize)(found.to - found.from));
    static const char *const marks[] = { ",", "，", "/", "；", ";", "和" };
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        g_string_replace(even, marks[i], "、", 0);
    /* A wide gap parts two names, a narrow one 张 三. */
    g_string_replace(even, "  ", "、", 0);
    g_auto(GStrv) pieces = g_strsplit(even->str, "、", -1);
    for (char **piece = pieces; *piece != NULL && r->names->len < MAX_PEOPLE; piece++) {
        struct span stop;
        g_autofree char *whole = words_trim(*piece);
        g_autofree char *word = words_chop(whole, "。：:");
        if (pattern_find(&not_name, word, (struct span){ 0, strlen(word) }, 0, &stop))
            word[stop.from] = '\0';
        g_strchomp(word);
        g_autofree char *name = words_trim(word);
        char *blank = strpbrk(name, " \t");
        if (blank == NULL)
            blank = strstr(name, "　");
        if (blank != NULL && g_utf8_strlen(name, -1) <= 4) {
            char *close = text_compact(name);
            g_free(name);
            name = close;
        } else if (blank != NULL) {
            char *last = words_trim(blank);
            if (pattern_in(&post, last, (struct span){ 0, strlen(last) })) {
                *blank = '\0';
                g_free(last);
            } else {
                g_free(name);
                name = last;
            }
        }
        if (g_str_has_suffix(name, "同志"))
            name[strlen(name) - strlen("同志")] = '\0';
        glong n = g_utf8_strlen(name, -1);
        if (n >= 2 && n <= 8)
            g_ptr_array_add(r->names, g_steal_pointer(&name));
        if (stop.from < strlen(*piece) && *word == '\0')
            break;
    }
}

/* Without blanks, and with the hyphen that telephones know. */
static char *plain_number(const char *number)
{
    static const char *const dashes[] = { "—", "－", "–" };
    g_autofree char *close = text_compact(number);
    GString *plain = g_string_new(close);
    for (gsize i = 0; i < G_N_ELEMENTS(dashes); i++)
        g_string_replace(plain, dashes[i], "-", 0);
    return g_string_free(plain, FALSE);
}

static void take_numbers(const struct notice *notice, struct region *r)
{
    gboolean phone = TRUE, fax = FALSE;
    g_autoptr(GMatchInfo) match = pattern_match(&token, notice->text, r->span);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
        g_autofree char *both = match_word(match, "both");
        g_autofree char *is_fax = match_word(match, "fax");
        g_autofree char *number = match_word(match, "number");
        g_autofree char *same = match_word(match, "same");
        if (*same != '\0') {
            if (r->phones->len > 0)
                g_ptr_array_add(r->faxes, g_strdup(r->phones->pdata[r->phones->len - 1]));
            continue;
        }
        if (*number != '\0') {
            if (phone)
                g_ptr_array_add(r->phones, plain_number(number));
            if (fax)
                g_ptr_array_add(r->faxes, plain_number(number));
            continue;
        }
        fax = *both != '\0' || *is_fax != '\0';
        phone = *both != '\0' || *is_fax == '\0';
    }
}

static const char *share(const GPtrArray *numbers, guint i, guint people)
{
    if (numbers->len == 0 || (numbers->len != 1 && numbers->len < people && i >= numbers->len))
        return NULL;
    return numbers->pdata[numbers->len == 1 ? 0 : i];
}

static void add_contact(struct notice *notice, const char *name, const char *phone, const char *fax,
                        struct span region)
{
    json_t *list = json_object_get(notice->json, "contacts");
    gsize n = json_array_size(list);
    struct span line = notice_sentence(notice, region);
    json_array_append_new(list,
                          json_pack("{ss? ss? ss?}", "name", name, "phone", phone, "fax", fax));
    const char *const keys[] = { "", ".name", ".phone", ".fax" };
    const char *const values[] = { "", name, phone, fax };
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *path = g_strdup_printf("contacts.%zu%s", n, keys[i]);
        if (values[i] != NULL)
            notice_prove(notice, path, line);
    }
    if (n == 0)
        notice_prove(notice, "contacts", line);
}

static gsize region_end(const struct notice *notice, gsize from)
{
    struct span next, in = { from, notice_line(notice, notice->signature).from };
    if (notice->annex_list < notice->lines->len &&
        notice_line(notice, notice->annex_list).from > from)
        in.to = MIN(in.to, notice_line(notice, notice->annex_list).from);
    in.to = MAX(in.to, from);
    in = span_head(notice->text, in, REGION_MAX);
    if (pattern_find(&person_label, notice->text, in, 0, &next))
        in.to = next.from;
    const char *p = notice->text + from, *to = notice->text + in.to;
    for (int lines = 0; p < to && lines < REGION_LINES; p++)
        lines += *p == '\n';
    while (p > notice->text + from && g_ascii_isspace(p[-1]))
        p--;
    return (gsize)(p - notice->text);
}

#define HAN "[\\x{4E00}-\\x{9FFF}]" /* \\p{Han} has 、, too */

/* “周九 2000005，吴十 2000006”: each with a number of his own. FALSE: there are no two. */
static gboolean read_pairs(struct notice *notice, struct span label, struct span region)
{
    PATTERN(pair, "(?<name>(?<!" HAN ")" HAN "{2,4})[ 　]*[：:（(]?[ 　]*"
                  "(?<number>(?:0[0-9]{2,3}[-—－]?)?[0-9]{7,11})(?![0-9])");
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GMatchInfo) match = pattern_match(&pair, notice->text, region);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
        g_autofree char *name = match_word(match, "name");
        g_autofree char *number = match_word(match, "number");
        if (pattern_in(&not_name, name, (struct span){ 0, strlen(name) }))
            return FALSE;
        g_ptr_array_add(names, g_steal_pointer(&name));
        g_ptr_array_add(numbers, plain_number(number));
    }
    for (guint i = 0; names->len > 1 && i < MIN(names->len, MAX_PEOPLE); i++)
        add_contact(notice, names->pdata[i], numbers->pdata[i], NULL,
                    (struct span){ label.from, region.to });
    return names->len > 1;
}

static gboolean read_person(struct notice *notice, struct span label)
{
    struct region r = { g_ptr_array_new_with_free_func(g_free),
                        g_ptr_array_new_with_free_func(g_free),
                        g_ptr_array_new_with_free_func(g_free),
                        { label.to, region_end(notice, label.to) } };
    struct span names;
    if (read_pairs(notice, label, r.span)) {
        region_clear(&r);
        return TRUE;
    }
    gboolean named = pattern_at(&name_list, notice->text, r.span) &&
                     pattern_find(&name_list, notice->text, r.span, 1, &names);
    if (named) {
        g_autofree char *words = span_text(notice->text, names);
        take_names(&r, words);
    }
    take_numbers(notice, &r);
    guint people = MAX(r.names->len, 1);
    gboolean any = named && (r.names->len > 0 || r.phones->len > 0);
    for (guint i = 0; any && i < people; i++)
        add_contact(notice, i < r.names->len ? r.names->pdata[i] : NULL, share(r.phones, i, people),
                    share(r.faxes, i, people), (struct span){ label.from, r.span.to });
    region_clear(&r);
    return any;
}

/* A number with no name to it. */
static void read_number_alone(struct notice *notice)
{
    PATTERN(phone_label, "(?:联\\s*系\\s*|咨询\\s*)?电\\s*[话活]\\s*[：:]");
    struct span found;
    if (!pattern_find(&phone_label, notice->text, notice->body, 0, &found))
        return;
    struct region r = { g_ptr_array_new_with_free_func(g_free),
                        g_ptr_array_new_with_free_func(g_free),
                        g_ptr_array_new_with_free_func(g_free),
                        { found.from, region_end(notice, found.to) } };
    take_numbers(notice, &r);
    if (r.phones->len > 0)
        add_contact(notice, NULL, r.phones->pdata[0], share(r.faxes, 0, 1), r.span);
    region_clear(&r);
}

void notice_read_contacts(struct notice *notice)
{
    struct span label, in = notice->body;
    for (int n = 0; n < LABELS_MAX && pattern_find(&person_label, notice->text, in, 0, &label);
         n++) {
        read_person(notice, label);
        in.from = label.to;
    }
    json_t *list = json_object_get(notice->json, "contacts");
    if (json_array_size(list) == 0)
        read_number_alone(notice);
    if (json_array_size(list) == 0)
        notice_warn(notice, "no_contact", "没有写联系人和电话");
}
