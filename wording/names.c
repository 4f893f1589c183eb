/* Names of units in running text. Every form is made once, when a name is added; a text is then
 * looked through character by character, with one look into a table by the two that stand there. */
#include "wording/names.h"

#include "base/base.h"
#include "wording/squeeze.h"

#include <string.h>

enum { FORMS_MAX = 48 };

struct form {
    char *text;
    gsize n;
    gint64 owner; /* 0: of several, so of none */
    gboolean given, learnt;
};

struct names {
    char *city;         /* "柳州市", or NULL */
    GHashTable *forms;  /* text → struct form */
    GHashTable *starts; /* its first two characters → GPtrArray of struct form, longest first */
};

/* How offices shorten their names; each is tried both ways. */
static const char *const shortened[][2] = {
    { "委员会", "委" },
    { "监督管理", "监管" },
    { "应急管理", "应急" },
    { "市场监管", "市监" },
    { "卫生健康", "卫健" },
    { "发展和改革", "发展改革" },
    { "发展改革", "发改" },
    { "工业和信息化", "工信" },
    { "科学技术局", "科技局" },
    { "科学技术协会", "科协" },
    { "社会科学界联合会", "社科联" },
    { "民族宗教事务", "民宗" },
    { "人力资源和社会保障", "人力资源社会保障" },
    { "人力资源社会保障", "人社" },
    { "自然资源和规划", "自然资源" },
    { "自然资源和规划", "自规" },
    { "文化广电和旅游", "文广旅" },
    { "文化广电和旅游", "文旅" },
    { "文化和旅游", "文旅" },
    { "林业和园林", "林园" },
    { "林业和园林", "林业园林" },
    { "住房和城乡建设", "住房城乡建设" },
    { "住房城乡建设", "住建" },
    { "农业农村", "农业" },
    { "城市管理", "城管" },
    { "交通运输", "交通" },
    { "退役军人事务", "退役军人" },
    { "妇女联合会", "妇联" },
    { "残疾人联合会", "残联" },
    { "文学艺术界联合会", "文联" },
    { "归国华侨联合会", "侨联" },
    { "工商业联合会", "工商联" },
    { "关心下一代工作委员会", "关工委" },
    { "关心下一代工作委", "关工委" },
    { "共产主义青年团", "共青团" },
};

static void form_free(gpointer data)
{
    struct form *form = data;
    g_free(form->text);
    g_free(form);
}

static char *city_of(const char *office)
{
    static const char *const levels[] = { "市", "县", "州", "盟", "区" };
    gsize shortest = 0;
    for (gsize i = 0; office != NULL && i < G_N_ELEMENTS(levels); i++) {
        const char *level = strstr(office, levels[i]);
        gsize n = level != NULL ? (gsize)(level - office) + strlen(levels[i]) : 0;
        /* "市纲要办" has no city before its 市. */
        if (n > 2 * strlen(levels[i]) && (shortest == 0 || n < shortest))
            shortest = n;
    }
    return shortest > 0 && shortest <= strlen("一二三四五市") ? g_strndup(office, shortest) : NULL;
}

struct names *names_new(const char *office)
{
    struct names *names = g_new0(struct names, 1);
    names->city = city_of(office);
    names->forms = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, form_free);
    names->starts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                          (GDestroyNotify)g_ptr_array_unref);
    return names;
}

void names_free(struct names *names)
{
    if (names == NULL)
        return;
    g_hash_table_unref(names->starts);
    g_hash_table_unref(names->forms);
    g_free(names->city);
    g_free(names);
}

/* The first two characters as one number. */
static gint64 start_key(const char *text)
{
    gint64 first = g_utf8_get_char(text);
    const char *next = g_utf8_next_char(text);
    return first << 21 | (*next != '\0' ? (gint64)g_utf8_get_char(next) : 0);
}

static int longest_first(gconstpointer a, gconstpointer b)
{
    const struct form *x = *(struct form *const *)a, *y = *(struct form *const *)b;
    return x->n < y->n ? 1 : x->n > y->n ? -1 : 0;
}

static void add_start(struct names *names, struct form *form)
{
    gint64 key = start_key(form->text);
    GPtrArray *list = g_hash_table_lookup(names->starts, &key);
    if (list == NULL) {
        gint64 *kept = g_new(gint64, 1);
        *kept = key;
        list = g_ptr_array_new();
        g_hash_table_insert(names->starts, kept, list);
    }
    g_ptr_array_add(list, form);
    g_ptr_array_sort(list, longest_first);
}

static void add_form(struct names *names, const char *text, gint64 owner, gboolean given)
{
    struct form *form = g_hash_table_lookup(names->forms, text);
    if (g_utf8_strlen(text, -1) < 2)
        return;
    if (form != NULL) {
        if (form->owner == owner || (form->given && !given)) {
            form->given |= given && form->owner == owner;
        } else {
            form->owner = given && !form->given ? owner : 0;
            form->given |= given;
        }
        return;
    }
    form = g_new0(struct form, 1);
    form->text = g_strdup(text);
    form->n = strlen(text);
    form->owner = owner;
    form->given = given;
    g_hash_table_insert(names->forms, form->text, form);
    add_start(names, form);
}

void names_add(struct names *names, const char *phrase, gint64 owner)
{
    g_autofree char *compact = text_compact(phrase);
    add_form(names, compact, owner, TRUE);
}

static void add_learnt_form(struct names *names, const char *text, gint64 owner)
{
    struct form *form = g_hash_table_lookup(names->forms, text);
    if (form != NULL && !form->learnt)
        return;
    add_form(names, text, owner, FALSE);
    form = g_hash_table_lookup(names->forms, text);
    if (form != NULL)
        form->learnt = TRUE;
}

void names_add_learnt(struct names *names, const char *name, gint64 owner)
{
    static const char level[] = "市";
    g_autofree char *compact = text_compact(name);
    const char *city = names->city;
    g_autofree char *other = NULL;
    if (city != NULL && g_str_has_prefix(compact, city))
        other = g_strconcat(level, compact + strlen(city), NULL);
    else if (city != NULL && g_str_has_prefix(compact, level))
        other = g_strconcat(city, compact + strlen(level), NULL);
    add_learnt_form(names, compact, owner);
    if (other != NULL)
        add_learnt_form(names, other, owner);
}

gboolean names_has_part(const struct names *names, const char *name)
{
    for (const char *from = name; *from != '\0'; from = g_utf8_next_char(from))
        for (const char *to = name + strlen(name); to > from; to = g_utf8_prev_char(to)) {
            g_autofree char *part = g_strndup(from, (gsize)(to - from));
            const struct form *form = g_hash_table_lookup(names->forms, part);
            if (form != NULL && !form->learnt)
                return TRUE;
        }
    return FALSE;
}

/* The name without city and level; *party: it belongs to the committee (市委宣传部). */
static const char *stem_of(const char *name, const char *city, gboolean *party)
{
    static const char *const words[] = { "市场", "市容", "市民中心" };
    const char *stem = name;
    if (g_str_has_prefix(stem, "中共"))
        stem += strlen("中共");
    if (city != NULL && g_str_has_prefix(stem, city))
        stem += strlen(city);
    else if (g_str_has_prefix(stem, "市") || g_str_has_prefix(stem, "县"))
        stem += strlen("市");
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (stem != name && g_str_has_prefix(name, words[i]))
            stem = name;
    *party = g_str_has_prefix(stem, "委") && g_utf8_strlen(stem, -1) > 2 &&
             !g_str_has_prefix(stem, "委员");
    return *party ? stem + strlen("委") : stem;
}

static void add_rewritten(GPtrArray *forms, const char *stem)
{
    for (gsize i = 0; i < G_N_ELEMENTS(shortened) * 2 && forms->len < FORMS_MAX; i++) {
        const char *from = shortened[i / 2][i % 2], *to = shortened[i / 2][1 - i % 2];
        const char *hit = strstr(stem, from);
        /* 委 is a piece of 委员会: it is not made longer twice. */
        if (hit == NULL || (strstr(to, from) != NULL && strstr(stem, to) != NULL))
            continue;
        char *other = g_strdup_printf("%.*s%s%s", (int)(hit - stem), stem, to, hit + strlen(from));
        if (g_ptr_array_find_with_equal_func(forms, other, g_str_equal, NULL))
            g_free(other);
        else
            g_ptr_array_add(forms, other);
    }
}

static void add_with_prefixes(struct names *names, const char *stem, gboolean party, gint64 owner)
{
    const char *city = names->city != NULL ? names->city : "市";
    g_autofree char *bare = g_strndup(city, strlen(city) - strlen("市"));
    const char *level = city + strlen(bare);
    const char *after = party ? "委" : "";
    const char *const before[] = { "", level, city, bare };
    for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
        g_autofree char *form = g_strconcat(before[i], *before[i] != '\0' ? after : "", stem, NULL);
        add_form(names, form, owner, FALSE);
        g_autofree char *with_party = g_strconcat("中共", form, NULL);
        if (party)
            add_form(names, with_party, owner, FALSE);
    }
}

void names_add_unit(struct names *names, const char *name, gint64 owner)
{
    g_autofree char *compact = text_compact(name);
    g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func(g_free);
    gboolean party;
    const char *stem = stem_of(compact, names->city, &party);
    add_form(names, compact, owner, TRUE);
    if (*stem == '\0')
        return;
    g_ptr_array_add(forms, g_strdup(stem));
    for (guint i = 0; i < forms->len; i++)
        add_rewritten(forms, forms->pdata[i]);
    for (guint i = 0; i < forms->len; i++)
        add_with_prefixes(names, forms->pdata[i], party, owner);
}

static const struct form *form_at(const struct names *names, const char *p)
{
    gint64 key = start_key(p);
    GPtrArray *list = g_hash_table_lookup(names->starts, &key);
    for (guint i = 0; list != NULL && i < list->len; i++) {
        const struct form *form = list->pdata[i];
        if (strncmp(p, form->text, form->n) == 0)
            return form;
    }
    return NULL;
}

/* Words that may stand before a name without being a place. */
static gboolean is_plain_before(gunichar c)
{
    static const char words[] =
        "报致由呈送经请转给向与和及的是为在于按据到对从关让即办函归属同由见各代替帮受";
    for (const char *p = words; *p != '\0'; p = g_utf8_next_char(p))
        if (g_utf8_get_char(p) == c)
            return TRUE;
    return FALSE;
}

/* TRUE if what stands before a name makes it another office's: a district, a province, a city. */
static gboolean is_elsewhere(const struct names *names, const char *text, const char *hit)
{
    static const char *const places[] = { "区", "县", "省", "镇", "乡", "州", "旗", "委" };
    if (hit == text)
        return FALSE;
    if (names->city != NULL && hit - text >= (gssize)strlen(names->city) &&
        g_str_has_prefix(hit - strlen(names->city), names->city))
        return FALSE;
    const char *before = g_utf8_prev_char(hit);
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
        if (g_str_has_prefix(before, places[i]))
            return TRUE;
    if (g_str_has_prefix(before, "市")) /* a bare name behind another city's 市 */
        return before > text && g_unichar_get_script(g_utf8_get_char(g_utf8_prev_char(before))) ==
                                    G_UNICODE_SCRIPT_HAN;
    if (!g_str_has_prefix(hit, "市"))
        return FALSE;
    int n = 0;
    for (const char *p = hit; p > text && n < 4; n++) {
        p = g_utf8_prev_char(p);
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_get_script(c) != G_UNICODE_SCRIPT_HAN)
            break;
        if (is_plain_before(c))
            return FALSE;
    }
    return n == 2 || n == 3;
}

GArray *names_find(const struct names *names, const char *text)
{
    GArray *hits = g_array_new(FALSE, FALSE, sizeof(struct name_hit));
    struct squeezed s;
    squeeze(&s, text);
    for (const char *p = s.text->str; *p != '\0';) {
        const struct form *form = form_at(names, p);
        if (form == NULL) {
            p = g_utf8_next_char(p);
            continue;
        }
        gsize from = (gsize)(p - s.text->str), to = from + form->n;
        struct name_hit hit = { form->owner,
                                from,
                                to,
                                g_array_index(s.origin, gsize, from),
                                g_array_index(s.origin, gsize, to),
                                form->learnt };
        if (form->owner != 0 && !is_elsewhere(names, s.text->str, p))
            g_array_append_val(hits, hit);
        p += form->n;
    }
    unsqueeze(&s);
    return hits;
}
