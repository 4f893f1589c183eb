/* What the attachments of a mail say: known from an earlier mail that brought the same file, or
 * read by lianluo-read, for so many files and so long at most, since the next mail waits. */
#include "bot/bot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_PAPERS = 40, MAX_SECONDS = 120 };

static void read_paper(struct mail *mail, guint position, GBytes *bytes)
{
    struct attachment *a = mail->attachments->pdata[position];
    g_autoptr(GError) error = NULL;
    int fd = document_file(&error);
    if (fd >= 0 && mail_attachment_write(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                         position, fd, &error))
        a->document = document_read(fd, a->filename, &error);
    if (fd >= 0)
        close(fd);
    if (error != NULL)
        log_event("read", "file", a->filename, "result", "failed", "cause", error->message, NULL);
}

/* Reads what nobody knows yet. */
static void read_papers(struct mail *mail, GBytes *bytes)
{
    gint64 until = g_get_monotonic_time() + MAX_SECONDS * G_USEC_PER_SEC;
    int left = MAX_PAPERS;
    if (mail->kind != MAIL_PERSON || mail->defect != NULL)
        return;
    for (guint i = 0; i < mail->attachments->len; i++) {
        struct attachment *a = mail->attachments->pdata[i];
        if (attachment_is_paper(a) && a->document == NULL && left-- > 0 &&
            g_get_monotonic_time() < until)
            read_paper(mail, i, bytes);
    }
}

struct mail *stored_mail(struct db *db, const char *sha256, gboolean read, GError **error)
{
    struct mail *mail = mail_stored(db, sha256, error);
    if (mail == NULL || !read || mail->attachments->len == 0)
        return mail;
    g_autoptr(GBytes) bytes = raw_get(db, sha256, error);
    if (bytes == NULL)
        g_clear_pointer(&mail, mail_free);
    else
        read_papers(mail, bytes);
    return mail;
}

struct mail *mail_with_papers(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = file_bytes(path, error);
    if (bytes == NULL)
        return NULL;
    struct mail *mail = mail_read(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    read_papers(mail, bytes);
    return mail;
}

void papers_keep(struct db *db, const struct mail *mail)
{
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        if (a->document == NULL)
            continue;
        json_t *known = document_get(db, a->sha256);
        if (known == NULL)
            document_set(db, a->sha256, a->document);
        json_decref(known);
    }
}

/* -1: FAULT_REFUSED. */
static int open_file(const char *path, GError **error)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        fault_set(error, FAULT_REFUSED, "打不开 %s：%s", path, g_strerror(errno));
    else if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        fault_set(error, FAULT_REFUSED, "%s 不是文件", path);
    else
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

json_t *document_of_file(const char *path, GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    int fd = open_file(path, error);
    json_t *json = fd >= 0 ? document_read(fd, name, error) : NULL;
    if (fd >= 0)
        close(fd);
    return json;
}

GBytes *document_line_of_file(const char *path, GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    int fd = open_file(path, error);
    GBytes *line = fd >= 0 ? document_line(fd, name, error) : NULL;
    if (fd >= 0)
        close(fd);
    return line;
}
