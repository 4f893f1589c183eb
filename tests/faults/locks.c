/* locks: a preloaded library that shows ThreadSanitizer what GLib's threads wait for. GLib is not
 * built with it, and its locks are futexes, so that it would see neither.
 */
#include <dlfcn.h>
#include <stddef.h>

typedef void function(void *place);

void __tsan_acquire(void *place) __attribute__((weak));
void __tsan_release(void *place) __attribute__((weak));
function g_mutex_lock, g_mutex_unlock;
void g_cond_wait(void *cond, void *mutex);
int g_once_init_enter(void *place);
void g_once_init_leave(void *place, size_t value);

/* GLib's own of that name. */
static void *find(void **own, const char *name)
{
    if (*own == NULL)
        *own = dlsym(RTLD_NEXT, name);
    return *own;
}

void g_mutex_lock(void *mutex)
{
    static void *own;
    ((function *)find(&own, "g_mutex_lock"))(mutex);
    __tsan_acquire(mutex);
}

void g_mutex_unlock(void *mutex)
{
    static void *own;
    __tsan_release(mutex);
    ((function *)find(&own, "g_mutex_unlock"))(mutex);
}

void g_cond_wait(void *cond, void *mutex)
{
    static void *own;
    __tsan_release(mutex);
    ((void (*)(void *, void *))find(&own, "g_cond_wait"))(cond, mutex);
    __tsan_acquire(mutex);
}

int g_once_init_enter(void *place)
{
    static void *own;
    int first = ((int (*)(void *))find(&own, "g_once_init_enter"))(place);
    __tsan_acquire(place);
    return first;
}

void g_once_init_leave(void *place, size_t value)
{
    static void *own;
    __tsan_release(place);
    ((void (*)(void *, size_t))find(&own, "g_once_init_leave"))(place, value);
}
