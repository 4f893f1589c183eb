/* lianluo-read [NAME [FD]]: the file on descriptor 0 becomes one JSON object on descriptor 1; what
 * lies in it and needs a converter goes to FD.
 * lianluo-read --convert TOOL FOLDER: becomes that converter, with descriptor 0 as its file. */
#include "documents/read/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Written in one go: who reads it takes half an object for none. */
static int print(json_t *json)
{
    GString *line = paper_line(json);
    if (line->len > MAX_OUTPUT)
        line = paper_line(paper_unread("too_big"));
    return write_all(STDOUT_FILENO, line->str, line->len) ? 0 : FAULT_WORLD;
}

static int read_file(const char *name, int spill)
{
    struct stat about;
    if (fstat(STDIN_FILENO, &about) != 0 || !S_ISREG(about.st_mode)) {
        fprintf(stderr, "lianluo-read: 标准输入应是一个文件\n");
        return FAULT_REFUSED;
    }
    if (about.st_size > MAX_UNPACKED)
        return print(paper_unread("too_big"));
    const void *bytes = "";
    if (about.st_size > 0)
        bytes = mmap(NULL, (gsize)about.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
    if (bytes == MAP_FAILED)
        return FAULT_WORLD;
    cage_enter(bytes, (gsize)about.st_size);
    return print(paper_read(name, bytes, (gsize)about.st_size, spill));
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--convert") == 0)
        return convert(argv[2], argv[3]);
    if (argc > 3) {
        fprintf(stderr, "用法：lianluo-read [文件名 [描述符]] < 文件\n");
        return FAULT_REFUSED;
    }
    /* Nothing that the libraries would do at exit is wanted in here. */
    _exit(read_file(argc > 1 ? argv[1] : "", argc > 2 ? atoi(argv[2]) : -1));
}
