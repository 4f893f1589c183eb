/* Kinds of files and what their names end in, for attachments that lack one of the two. */
#include "mail/private.h"
#include <string.h>

static const struct {
    const char *type, *ending;
} types[] = {
    { "application/pdf", "pdf" },
    { "application/msword", "doc" },
    { "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx" },
    { "application/vnd.ms-excel", "xls" },
    { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx" },
    { "application/vnd.ms-powerpoint", "ppt" },
    { "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx" },
    { "application/vnd.ms-works", "wps" },
    { "application/wps-office.doc", "doc" },
    { "application/wps-office.docx", "docx" },
    { "application/wps-office.xls", "xls" },
    { "application/wps-office.xlsx", "xlsx" },
    { "application/ofd", "ofd" },
    { "application/rtf", "rtf" },
    { "text/rtf", "rtf" },
    { "application/zip", "zip" },
    { "application/x-zip-compressed", "zip" },
    { "application/x-rar-compressed", "rar" },
    { "application/vnd.rar", "rar" },
    { "application/x-7z-compressed", "7z" },
    { "message/rfc822", "eml" },
    { "text/plain", "txt" },
    { "text/html", "html" },
    { "text/csv", "csv" },
    { "text/calendar", "ics" },
    { "application/ics", "ics" },
    { "image/jpeg", "jpg" },
    { "image/jpg", "jpg" },
    { "image/png", "png" },
    { "image/gif", "gif" },
    { "image/bmp", "bmp" },
    { "image/tiff", "tif" },
    { "application/pkcs7-signature", "p7s" },
    { "application/x-pkcs7-signature", "p7s" },
    { "application/pkcs7-mime", "p7m" },
    { "application/x-pkcs7-mime", "p7m" },
    { "application/pgp-signature", "asc" },
    { "application/ms-tnef", "dat" },
};

const char *type_ending(const char *type)
{
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].type, type) == 0)
            return types[i].ending;
    }
    return NULL;
}

const char *type_by_name(const char *filename)
{
    const char *dot = filename != NULL ? strrchr(filename, '.') : NULL;
    for (gsize i = 0; dot != NULL && i < G_N_ELEMENTS(types); i++) {
        if (g_ascii_strcasecmp(types[i].ending, dot + 1) == 0)
            return types[i].type;
    }
    return "application/octet-stream";
}
