/* stages DIR AT N: runs the first N stages of a tick on an office and dies as by kill -9, for
 * crash_test.py. Dies with 1, and says why, if the office cannot be opened. */
#include "bot/bot.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int complain(const char *what)
{
    fprintf(stderr, "stages: %s\n", what);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    // cppcheck-suppress uninitvar ; cppcheck takes the table for a variable
    enum stage (*const stages[])(struct bot *) = { receive, handle, schedule, deliver };
    g_autoptr(GError) error = NULL;
    gint64 at;
    int most = argc == 4 ? atoi(argv[3]) : -1;
    setlocale(LC_CTYPE, "C.UTF-8");
    if (most < 0 || most > (int)G_N_ELEMENTS(stages) || !instant_parse_local(argv[2], &at))
        return complain("usage: stages DIR 'YYYY-MM-DD HH:MM' 0..4");
    mail_init();
    channels_init();
    clock_fix(at);
    struct bot *bot = bot_open(argv[1], &error);
    if (bot == NULL || !bot_start(bot, &error))
        return complain(error->message);
    for (int i = 0; i < most; i++)
        if (stages[i](bot) == STAGE_FAILED)
            return complain("a stage failed");
    kill(getpid(), SIGKILL);
    return EXIT_FAILURE;
}
