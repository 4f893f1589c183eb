/* The log: what stands on standard error, byte for byte. */
#include "test.h"
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int ends[2], usual;

static void catch_begin(const char *journal)
{
    if (journal != NULL)
        g_setenv("JOURNAL_STREAM", journal, TRUE);
    else
        g_unsetenv("JOURNAL_STREAM");
    usual = dup(STDERR_FILENO);
    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_enable(TRUE);
}

static char *catch_end(void)
{
    log_enable(FALSE);
    dup2(usual, STDERR_FILENO);
    close(usual);
    close(ends[1]);
    char *caught = g_malloc0(4096);
    gsize n = 0;
    for (ssize_t got; (got = read(ends[0], caught + n, 4095 - n)) > 0;)
        n += (gsize)got;
    close(ends[0]);
    return caught;
}

START_TEST(an_event_is_one_line_of_pairs)
{
    catch_begin("8:1");
    log_event("fetch", "folder", "INBOX", "stored", "3", NULL);
    log_event("wake", NULL);
    log_event("send", "server", NULL, "to", "a@mail.example", NULL);
    g_autofree char *line = catch_end();
    ck_assert_str_eq(line, "event=fetch folder=INBOX stored=3\n"
                           "event=wake\n"
                           "event=send to=a@mail.example\n");
}
END_TEST

START_TEST(a_value_cannot_forge_a_line_or_drive_a_terminal)
{
    static const struct {
        const char *value, *logged;
    } rows[] = {
        { "市教育局", "市教育局" },
        { "", "\"\"" },
        { "two words", "\"two words\"" },
        { "ideographic　blank", "\"ideographic　blank\"" },
        { "say \"hi\"", "\"say \\\"hi\\\"\"" },
        { "C:\\dir", "C:\\dir" },
        { "C:\\my dir", "\"C:\\\\my dir\"" },
        { "a\nevent=forged", "\"a\\nevent=forged\"" },
        { "a\r\tb", "\"a\\r\\tb\"" },
        { "\x1b[31m", "\"\\u001b[31m\"" },
        { "\xc2\x9b", "\"\\u009b\"" },
        { "\u202egnp", "\"\\u202egnp\"" },
        { "a\u2028b", "\"a\\u2028b\"" },
        { "a\u2029b", "\"a\\u2029b\"" },
        { "bad \xff", "\"bad \uFFFD\"" },
        { "k=v", "k=v" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        catch_begin("8:1");
        log_event("x", "v", rows[i].value, NULL);
        g_autofree char *line = catch_end();
        g_autofree char *wanted = g_strdup_printf("event=x v=%s\n", rows[i].logged);
        ck_assert_str_eq(line, wanted);
    }
}
END_TEST

START_TEST(without_a_journal_the_real_time_stands_before)
{
    clock_fix(0);
    catch_begin(NULL);
    log_event("x", NULL);
    g_autofree char *line = catch_end();
    gint64 stamped;
    ck_assert_str_eq(line + 20, " event=x\n");
    line[20] = '\0';
    ck_assert(instant_parse(line, &stamped));
    ck_assert_int_le(ABS(stamped - g_get_real_time() / G_USEC_PER_SEC), 5);
}
END_TEST

/* A datagram socket keeps each write apart. */
START_TEST(a_line_is_one_write)
{
    static const char wanted[] = "event=x a=\"1 2\" b=3\n";
    char got[64];
    int pair[2], kept = dup(STDERR_FILENO);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
    g_setenv("JOURNAL_STREAM", "8:1", TRUE);
    dup2(pair[1], STDERR_FILENO);
    log_enable(TRUE);
    log_event("x", "a", "1 2", "b", "3", NULL);
    log_enable(FALSE);
    dup2(kept, STDERR_FILENO);
    ck_assert_int_eq(recv(pair[0], got, sizeof got, MSG_DONTWAIT), sizeof wanted - 1);
    ck_assert_mem_eq(got, wanted, sizeof wanted - 1);
    ck_assert_int_lt(recv(pair[0], got, sizeof got, MSG_DONTWAIT), 0);
    close(kept);
    close(pair[0]);
    close(pair[1]);
}
END_TEST

START_TEST(a_silenced_log_says_nothing)
{
    catch_begin("8:1");
    log_enable(FALSE);
    log_event("x", NULL);
    g_autofree char *line = catch_end();
    ck_assert_str_eq(line, "");
}
END_TEST

TEST_MAIN("base/log", an_event_is_one_line_of_pairs,
          a_value_cannot_forge_a_line_or_drive_a_terminal,
          without_a_journal_the_real_time_stands_before, a_line_is_one_write,
          a_silenced_log_says_nothing)
