/* The answer: one mail for all commands of one mail. It goes to the address of the roster alone,
 * and where nobody proved who wrote, it is a mail of its own, not an answer to that one. */
#include "handlers/clerk/clerk.h"

#include <string.h>

enum { TOLD_AT_MOST = 6, TOLD_WITHIN = 4 * 60 * 60, WIDEST = 30, SUBJECT_WIDTH = 40 };

json_t *part_add(struct clerk *clerk, const char *line)
{
    g_autofree char *shown = line != NULL ? onetime_masked(line) : NULL;
    json_t *part = json_pack("{ss* sb so so so}", "command", shown, "refused", FALSE, "lines",
                             json_array(), "rows", json_array(), "choices", json_array());
    json_array_append_new(clerk->parts, part);
    return part;
}

static void say(json_t *part, const char *format, va_list args) G_GNUC_PRINTF(2, 0);
static void say(json_t *part, const char *format, va_list args)
{
    g_autofree char *text = g_strdup_vprintf(format, args);
    json_array_append_new(json_object_get(part, "lines"), json_pack("{ss}", "text", text));
}

void part_say(json_t *part, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(part, format, args);
    va_end(args);
}

void part_refuse(json_t *part, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(part, format, args);
    va_end(args);
    json_object_set_new(part, "refused", json_true());
}

void part_row(json_t *part, const char *const *cells)
{
    json_t *row = json_array();
    for (; *cells != NULL; cells++)
        json_array_append_new(row, json_pack("{ss}", "text", *cells));
    json_array_append_new(json_object_get(part, "rows"), json_pack("{so}", "cells", row));
}

void part_offer(struct clerk *clerk, json_t *part, const char *text, const char *line,
                gint64 matter)
{
    json_t *choices = json_object_get(part, "choices");
    if (json_array_size(choices) == 0)
        clerk->questions++;
    int number = ++clerk->numbers;
    json_array_append_new(choices, json_pack("{si ss}", "number", number, "text", text));
    choice_add(clerk->office->db, clerk->message->id,
               &(struct choice){ .number = number,
                                 .question = clerk->questions,
                                 .command = (char *)line,
                                 .matter = matter });
}

static json_t *cell(json_t *rows, size_t row, size_t column)
{
    json_t *cells = json_object_get(json_array_get(rows, row), "cells");
    return json_object_get(json_array_get(cells, column), "text");
}

/* The table of a part for the plain text: columns padded, two for a Chinese character. */
static json_t *padded(json_t *rows)
{
    json_t *lines = json_array();
    size_t columns = json_array_size(json_object_get(json_array_get(rows, 0), "cells"));
    g_autofree int *widths = g_new0(int, columns + 1);
    for (size_t r = 0; r < json_array_size(rows); r++)
        for (size_t c = 0; c < columns; c++) {
            int width = text_width(json_string_value(cell(rows, r, c)));
            widths[c] = MIN(MAX(widths[c], width), WIDEST);
        }
    for (size_t r = 0; r < json_array_size(rows); r++) {
        g_autoptr(GString) line = g_string_new(NULL);
        for (size_t c = 0; c < columns; c++) {
            g_autofree char *text = text_pad(json_string_value(cell(rows, r, c)), widths[c]);
            g_string_append_printf(line, "%s%s", text, c + 1 < columns ? "  " : "");
        }
        json_array_append_new(lines, json_pack("{ss}", "text", g_strchomp(line->str)));
    }
    return lines;
}

static gboolean is_known(const struct clerk *clerk)
{
    return clerk->proven || clerk->himself;
}

static json_t *answer_data(struct clerk *clerk, gboolean waits_for_code)
{
    const struct message *m = clerk->message;
    g_autofree char *received = instant_local(m->received_at);
    gboolean secret = mail_is_secret(clerk->mail);
    const char *body = secret ? "（带有密级标志，不引用）" : clerk->mail->new_text;
    g_autofree char *title = text_printable(!secret && m->subject != NULL ? m->subject : "");
    g_autofree char *subject = onetime_masked(title);
    g_autofree char *excerpt = g_utf8_substring(body, 0, MIN(200, g_utf8_strlen(body, -1)));
    g_autofree char *plain = text_printable(excerpt);
    g_autofree char *text = onetime_masked(plain);
    json_t *first = json_object_get(json_array_get(clerk->parts, 0), "command");
    json_t *waits = json_object_get(json_array_get(clerk->waiting, 0), "line");
    const char *line = first != NULL ? json_string_value(first) : json_string_value(waits);
    g_autofree char *about = text_pad(line != NULL ? line : "确认码", SUBJECT_WIDTH);
    size_t i;
    json_t *part;
    json_array_foreach (clerk->parts, i, part) {
        json_t *rows = json_object_get(part, "rows");
        json_object_set_new(part, "padded", padded(rows));
        json_object_set_new(part, "tabled", json_boolean(json_array_size(rows) > 0));
    }
    return json_pack("{so sb ss* ss ss ss ss sO sO sb ss}", "office", office_data(clerk->office),
                     "proven", is_known(clerk), "doubt", clerk->doubt, "about", g_strchomp(about),
                     "received", received, "subject", subject, "text", text, "parts", clerk->parts,
                     "waiting", clerk->waiting, "waits", waits_for_code, "code", OUTBOX_SECRET);
}

static void tell_flood(struct clerk *clerk)
{
    g_autofree char *text =
        g_strdup_printf("短时间内有多封冒用 %s 的命令，没有执行，也不再逐封告知", clerk->address);
    review_open(clerk->office->db, &(struct review){ .reason = "clerk_forged", .text = text });
}

static void queue(struct clerk *clerk, const char *key, json_t *data, const char *code)
{
    const char *to[] = { clerk->address, NULL };
    g_autoptr(GError) error = NULL;
    if (!letter_queue(
            clerk->office,
            &(struct letter){ .kind = "answer",
                              .key = key,
                              .matter = MAX(clerk->matter, 0),
                              .message = clerk->message->id,
                              .to = to,
                              .in_reply_to = is_known(clerk) ? clerk->message->message_id : NULL,
                              .secret = code,
                              .made = is_known(clerk) ? clerk->made : NULL,
                              .data = data },
            &error))
        review_open(clerk->office->db,
                    &(struct review){ .reason = "template", .text = error->message });
}

void clerk_answer(struct clerk *clerk)
{
    struct db *db = clerk->office->db;
    g_autofree char *lower = g_ascii_strdown(clerk->address, -1);
    g_autofree char *told = g_strdup_printf("told/%s/", lower);
    g_autofree char *key = g_strdup_printf("%s%" G_GINT64_FORMAT,
                                           is_known(clerk) ? "answer/" : told, clerk->message->id);
    if (!is_known(clerk) &&
        outbox_count_keys(db, told, clock_now() - TOLD_WITHIN) >= TOLD_AT_MOST) {
        tell_flood(clerk);
        return;
    }
    char *code = code_for_waiting(clerk);
    json_auto_t *data = answer_data(clerk, code != NULL);
    queue(clerk, key, data, code);
    secret_free(code);
}
