/* Who sent it to whom, and which messages it speaks of. */
#include "mail/private.h"
#include <string.h>

void address_free(struct address *address)
{
    g_free(address->name);
    g_free(address->address);
    g_free(address);
}

static void add_address(GPtrArray *addresses, const char *name, const char *addr)
{
    struct address *address = g_new0(struct address, 1);
    address->name = words_line(name != NULL ? name : "");
    g_autofree char *clean = text_clean(addr != NULL ? addr : "", -1);
    address->address = g_strstrip(g_steal_pointer(&clean));
    g_ptr_array_add(addresses, address);
}

static void add_list(GPtrArray *addresses, InternetAddressList *list)
{
    for (int i = 0; i < internet_address_list_length(list); i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_MAILBOX(one))
            add_address(addresses, internet_address_get_name(one),
                        internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)));
        else if (INTERNET_ADDRESS_IS_GROUP(one))
            add_list(addresses, internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one)));
    }
}

GPtrArray *addresses_read(const char *raw)
{
    GPtrArray *addresses = g_ptr_array_new_with_free_func((GDestroyNotify)address_free);
    if (raw == NULL || *raw == '\0')
        return addresses;
    g_autofree char *mended = words_mend(raw);
    g_autoptr(InternetAddressList) list = internet_address_list_parse(NULL, mended);
    if (list != NULL)
        add_list(addresses, list);
    /* A name without an address is still a trace of the sender. */
    if (list == NULL || internet_address_list_length(list) == 0)
        add_address(addresses, raw, NULL);
    return addresses;
}

static void add_id(GPtrArray *ids, const char *id, gsize n)
{
    g_autofree char *text = g_strstrip(g_strndup(id, n));
    g_autofree char *clean = text_clean(text, -1);
    if (*clean == '\0' || g_ptr_array_find_with_equal_func(ids, clean, g_str_equal, NULL))
        return;
    g_ptr_array_add(ids, g_steal_pointer(&clean));
}

void ids_add(GPtrArray *ids, const char *raw)
{
    if (raw == NULL)
        return;
    const char *open = strchr(raw, '<');
    for (const char *close; open != NULL; open = strchr(close, '<')) {
        close = strchr(open, '>');
        if (close == NULL)
            close = open + strlen(open);
        add_id(ids, open + 1, (gsize)(close - open - 1));
    }
    if (strchr(raw, '<') != NULL)
        return;
    g_auto(GStrv) words = g_strsplit_set(raw, " \t,", -1);
    for (char **word = words; *word != NULL; word++) {
        if (strchr(*word, '@') != NULL)
            add_id(ids, *word, strlen(*word));
    }
}

GPtrArray *ids_read(const char *raw)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    ids_add(ids, raw);
    return ids;
}
