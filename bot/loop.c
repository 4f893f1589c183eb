/* The loop: four stages in order. They meet only in the database; each may be killed anywhere and
 * run again. */
#include "bot/bot.h"

enum stage tick(struct bot *bot)
{
    enum stage received = receive(bot);
    enum stage handled = handle(bot);
    enum stage scheduled = schedule(bot);
    enum stage delivered = deliver(bot);
    return MAX(MAX(received, handled), MAX(scheduled, delivered));
}
