/* Packages: zip and what it holds, rar and 7z. Everything unpacked is charged to one budget. */
#include "documents/read/read.h"

#include "mail/mail.h"
#include <archive.h>
#include <archive_entry.h>
#include <string.h>

/* An entry may say what size it likes. */
enum { SIZE_BELIEVED = 8 * 1024 * 1024 };

typedef struct archive reader;
static void reader_free(reader *archive)
{
    archive_read_free(archive);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reader, reader_free)

static reader *open_pack(struct paper *paper)
{
    reader *archive = archive_read_new();
    archive_read_support_format_zip(archive);
    archive_read_support_format_rar(archive);
    archive_read_support_format_rar5(archive);
    archive_read_support_format_7zip(archive);
    if (archive_read_open_memory(archive, paper->bytes, paper->n) == ARCHIVE_OK)
        return archive;
    archive_read_free(archive);
    return NULL;
}

/* Names come in UTF-8 or in whatever their packer's machine spoke, which here is GBK. */
static char *entry_name(struct archive_entry *entry)
{
    const char *raw = archive_entry_pathname(entry);
    if (raw == NULL)
        raw = archive_entry_pathname_utf8(entry);
    return raw != NULL ? charset_text(NULL, raw, strlen(raw)) : g_strdup("");
}

/* The next entry. FALSE: no more, or the paper says why not. */
static gboolean next_entry(struct paper *paper, reader *archive, struct archive_entry **entry)
{
    int result = archive_read_next_header(archive, entry);
    if (result == ARCHIVE_EOF)
        return FALSE;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
        return paper_refuse(paper, archive_read_has_encrypted_entries(archive) > 0 ? "encrypted"
                                                                                   : "damaged");
    if (archive_entry_is_data_encrypted(*entry) || archive_entry_is_metadata_encrypted(*entry))
        return paper_refuse(paper, "encrypted");
    if (paper->budget->entries == 0)
        return paper_refuse(paper, "too_big");
    paper->budget->entries--;
    return TRUE;
}

/* The bytes of the entry at hand; NULL: the paper says why not. packed: of the whole archive. */
static GBytes *entry_bytes(struct paper *paper, reader *archive, struct archive_entry *entry)
{
    la_int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;
    GByteArray *bytes = g_byte_array_sized_new((guint)CLAMP(size, 0, SIZE_BELIEVED));
    static guint8 buffer[65536];
    la_ssize_t got;
    while ((got = archive_read_data(archive, buffer, sizeof buffer)) > 0) {
        gsize n = (gsize)got;
        if (n > paper->budget->unpacked ||
            (bytes->len + n > RATIO_FROM && (bytes->len + n) / MAX_RATIO > paper->n)) {
            paper_refuse(paper, "too_big");
            g_byte_array_unref(bytes);
            return NULL;
        }
        paper->budget->unpacked -= n;
        g_byte_array_append(bytes, buffer, (guint)n);
    }
    if (got < 0) {
        paper_refuse(paper, "damaged");
        g_byte_array_unref(bytes);
        return NULL;
    }
    return g_byte_array_free_to_bytes(bytes);
}

static gboolean ends_with_one(const char *name, const char *const *endings)
{
    for (; *endings != NULL; endings++)
        if (g_str_has_suffix(name, *endings))
            return TRUE;
    return FALSE;
}

/* office: the package has shown its table of contents; a .docx may include files as they are. */
static gboolean is_part(const char *name, gboolean office)
{
    static const char *const xml[] = { ".xml", ".rels", "mimetype", NULL };
    static const char *const included[] = { ".htm", ".html", ".xhtml", ".mht",
                                            ".txt", ".rtf",  ".docx",  NULL };
    return ends_with_one(name, xml) || (office && ends_with_one(name, included));
}

GHashTable *pack_parts(struct paper *paper, GPtrArray *names)
{
    g_autoptr(reader) archive = open_pack(paper);
    g_autoptr(GHashTable) parts =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    struct archive_entry *entry;
    gboolean office = FALSE;
    if (archive == NULL) {
        paper_refuse(paper, "damaged");
        return NULL;
    }
    while (next_entry(paper, archive, &entry)) {
        g_autofree char *name = entry_name(entry);
        const char *plain = name + strspn(name, "/");
        g_ptr_array_add(names, g_strdup(plain));
        office = office || strcmp(plain, "[Content_Types].xml") == 0;
        GBytes *bytes = is_part(plain, office) ? entry_bytes(paper, archive, entry) : NULL;
        if (bytes != NULL)
            g_hash_table_replace(parts, g_strdup(plain), bytes);
        if (paper->unreadable != NULL)
            return NULL;
    }
    return paper->unreadable == NULL ? g_steal_pointer(&parts) : NULL;
}

static void read_member(struct paper *paper, reader *archive, struct archive_entry *entry,
                        const char *name)
{
    g_autoptr(GBytes) bytes = entry_bytes(paper, archive, entry);
    json_t *member = bytes == NULL ? paper_unread(paper->unreadable)
                                   : paper_read_inside(paper, name, g_bytes_get_data(bytes, NULL),
                                                       g_bytes_get_size(bytes));
    json_object_set_new(member, "name", json_string(name));
    json_array_append_new(paper->members, member);
}

/* Names are shown, never used as paths. */
void read_archive(struct paper *paper)
{
    g_autoptr(reader) archive = open_pack(paper);
    struct archive_entry *entry;
    if (archive == NULL) {
        paper_refuse(paper, "damaged");
        return;
    }
    if (paper->depth > MAX_NESTING) {
        paper_refuse(paper, "unsupported");
        paper_warn(paper, "nested", "压缩包套压缩包超过 %d 层，没有打开", MAX_NESTING + 1);
        return;
    }
    while (paper->unreadable == NULL && next_entry(paper, archive, &entry)) {
        g_autofree char *name = entry_name(entry);
        if (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != 0)
            continue;
        if (g_str_has_suffix(name, "/") || strstr(name, "__MACOSX/") != NULL)
            continue;
        read_member(paper, archive, entry, name);
    }
    if (paper->unreadable == NULL && json_array_size(paper->members) == 0 &&
        archive_read_has_encrypted_entries(archive) > 0)
        paper_refuse(paper, "encrypted");
}

static gboolean has(const GPtrArray *names, const char *name)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)names, name, g_str_equal, NULL);
}

static void read_package(struct paper *paper, GHashTable *parts)
{
    g_autoptr(GPtrArray) relations = relations_of(paper, parts, "");
    const char *main = relation_typed(relations, "officeDocument");
    const char *custom = relation_typed(relations, "custom-properties");
    GBytes *types = g_hash_table_lookup(parts, "[Content_Types].xml");
    g_autofree char *all =
        types != NULL ? g_strndup(g_bytes_get_data(types, NULL), g_bytes_get_size(types)) : NULL;
    if (custom != NULL)
        paper->properties = properties_of(g_hash_table_lookup(parts, custom));
    if (main == NULL || !g_hash_table_contains(parts, main)) {
        paper_refuse(paper, paper->unreadable != NULL ? paper->unreadable : "damaged");
    } else if (strstr(all, "wordprocessingml") != NULL) {
        paper->format = "docx";
        read_docx(paper, parts, main);
    } else if (strstr(all, "spreadsheetml") != NULL) {
        paper->format = "xlsx";
        read_xlsx(paper, parts, main);
    } else {
        paper->format = strstr(all, "presentationml") != NULL ? "pptx" : "ooxml";
        paper_refuse(paper, "unsupported");
    }
}

void read_zip(struct paper *paper)
{
    struct budget before = *paper->budget;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) parts = pack_parts(paper, names);
    if (has(names, "[Content_Types].xml")) {
        if (strstr(paper->format, "zip") != NULL)
            paper->format = "ooxml";
        if (parts != NULL)
            read_package(paper, parts);
    } else if (has(names, "OFD.xml")) {
        paper->format = "ofd";
        if (parts != NULL)
            read_ofd(paper, parts);
    } else {
        /* What could be read of a damaged one is kept in its members. */
        *paper->budget = before;
        paper->unreadable = NULL;
        read_archive(paper);
    }
}
