/* wording: what the words of a Chinese office's papers mean. Text in, meaning out: no office, no
 * database, no file, no mail. */
#ifndef WORDING_H
#define WORDING_H

#include "wording/form.h"
#include "wording/names.h"
#include "wording/notice/notice.h"
#include "wording/opinions/opinions.h"
#include "wording/order/order.h"
#include "wording/outline/outline.h"
#include "wording/pattern.h"
#include "wording/reply/likeness.h"
#include "wording/reply/reply.h"
#include "wording/slip.h"
#include "wording/squeeze.h"
#include "wording/wrap.h"
#include <glib.h>
#include <jansson.h>

#endif
