/* OLE compound files, of which only the directory is looked at: .doc, .wps, .xls, .et, and the
 * shell around an encrypted .docx. Their text is made by a converter. */
#include "documents/read/read.h"

#include <string.h>

enum { SECTOR = 512, ENTRY = 128 };

/* TRUE if the directory has an entry of that name: UTF-16 and its length, on its own place. */
static gboolean has_entry(const struct paper *paper, const char *name)
{
    gsize n = strlen(name);
    guint8 wide[64] = { 0 };
    for (gsize i = 0; i < n; i++)
        wide[2 * i] = (guint8)name[i];
    for (gsize at = SECTOR; at + ENTRY <= paper->n; at += ENTRY)
        if (memcmp(paper->bytes + at, wide, sizeof wide) == 0 &&
            (guchar)paper->bytes[at + 64] == 2 * n + 2)
            return TRUE;
    return FALSE;
}

/* Word's own header of the text says whether it is encrypted. */
static gboolean is_encrypted_word(const struct paper *paper)
{
    for (gsize at = SECTOR; at + SECTOR <= paper->n; at += SECTOR)
        if (memcmp(paper->bytes + at, "\xEC\xA5", 2) == 0)
            return (paper->bytes[at + 11] & 1) != 0;
    return FALSE;
}

void read_ole(struct paper *paper)
{
    if (has_entry(paper, "EncryptedPackage")) {
        paper->format = name_ends(paper, ".xlsx") ? "xlsx" : "docx";
        paper_refuse(paper, "encrypted");
    } else if (has_entry(paper, "WordDocument")) {
        paper->format = name_ends(paper, ".wps") ? "wps" : "doc";
        if (is_encrypted_word(paper))
            paper_refuse(paper, "encrypted");
        else
            paper->converter = "word";
    } else if (has_entry(paper, "Workbook") || has_entry(paper, "Book")) {
        paper->format = name_ends(paper, ".et") ? "et" : "xls";
        paper->converter = "sheet";
    } else {
        paper_refuse(paper, has_entry(paper, "Root Entry") ? "unsupported" : "damaged");
    }
}
