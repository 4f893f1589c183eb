/* documents: what a file says, and the tables and letters we write. The hostile work is done by two
 * programs of their own, which keep libarchive, libxml2 and libxlsxwriter out of the daemon:
 * lianluo-read (documents/read/) turns bytes into JSON, in a cage; lianluo-write (documents/write/)
 * turns JSON into a file. What stands here starts them. */
#ifndef DOCUMENTS_H
#define DOCUMENTS_H

#include <glib.h>
#include <jansson.h>

#endif
