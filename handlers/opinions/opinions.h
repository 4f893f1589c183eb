/* Opinions of units, and the table (意见汇总表) that the office makes of them. */
#ifndef HANDLERS_OPINIONS_H
#define HANDLERS_OPINIONS_H

#include <glib.h>
#include <jansson.h>

struct office;
struct mail;

/* The opinions in a mail, as objects with the fields of struct opinion
 * (wording/opinions/opinions.h). Attachments count as far as they were read. office NULL, or matter
 * or unit 0: nothing is known of what was sent, or of who speaks. Only reads. A new reference. */
json_t *opinions_of_mail(struct office *office, gint64 matter, gint64 unit,
                         const struct mail *mail);
/* How many they are, without any office. */
guint opinions_count(const struct mail *mail);
/* Finds and keeps the opinions of a submission that this mail brought. What only adds to an earlier
 * version (补充意见, a scan) keeps that one's opinions. */
void opinions_file(struct office *office, gint64 submission, const struct mail *mail);
/* The same of a submission as it is stored: of the mail that brought it, else of its own text and
 * file, as far as that was read. */
void opinions_file_stored(struct office *office, gint64 submission);
/* The submission of that unit whose opinions count now; 0 if it has none. */
gint64 opinions_standing(struct office *office, gint64 matter, gint64 unit);

/* {matter, title, head: {sent, replied, commented, no_comment, deemed, waiting},
 *  rows: [{number, id, document, clause, original, text, reason, units, unit_codes, operation,
 *          disposition, disposition_text, disposition_reason, sources, note, certain, candidates}]}
 * in the order of what was sent; the same proposal of several units is one row. Only reads. A new
 * reference. */
json_t *collation_json(struct office *office, gint64 matter);

/* What changes if the dispositions of a filled-in table are taken: {changes: [{clause, text, unit,
 * from, to, reason}], problems: [text]}. Rows are found by their hidden id, else by their words, in
 * whatever order; a row that was split counts for the units that it names. tables: as `lianluo
 * read` prints them; an empty disposition says nothing. take: writes them, too. */
/* The matter whose filled-in collation a document is; 0: it is none. */
gint64 collation_matter(struct office *office, json_t *document);
json_t *collation_import(struct office *office, gint64 matter, json_t *tables, gboolean take);
/* Puts a letter of what became of its opinions (意见采纳情况反馈) into the outbox, held, for each
 * unit that has any; once for the same words. FAULT_REFUSED, naming the units, while some are
 * pending, unless partial: then those are left out. *queued counts. */
gboolean feedback_queue(struct office *office, gint64 matter, gboolean partial, int *queued,
                        GError **error);
/* What one opinion asks for, as one reads it in a table; the caller frees. */
char *opinion_request(json_t *opinion);

/* A text of an object; "" if it has none. */
const char *row_text(json_t *row, const char *key);

/* ---- the collation as files */
/* RFC 4180 with CSV_MARK; a page of HTML; what lianluo-write makes a .docx or .xlsx of. */
char *collation_csv(json_t *collation);
char *collation_html(struct office *office, json_t *collation, GError **error);
json_t *collation_docx(json_t *collation);
json_t *collation_xlsx(json_t *collation);

#endif
