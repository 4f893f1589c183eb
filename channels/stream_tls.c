/* stream_tls: the TLS session of a stream. Chain and name are verified inside the handshake; there
 * is no switch for that. */
#include "channels/private.h"
#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <string.h>

static gboolean is_ip_address(const char *host)
{
    struct in6_addr address;
    return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

static gboolean trust_load(struct stream *stream)
{
    const char *file = stream->account->ca_file;
    if (gnutls_certificate_allocate_credentials(&stream->trust) < 0)
        g_error("out of memory");
    int r = file != NULL && *file != '\0'
                ? gnutls_certificate_set_x509_trust_file(stream->trust, file, GNUTLS_X509_FMT_PEM)
                : gnutls_certificate_set_x509_system_trust(stream->trust);
    if (r > 0)
        return TRUE;
    return stream_fail(stream, "读不到可信根证书（%s）：%s",
                       file != NULL && *file != '\0' ? file : "系统证书库",
                       r < 0 ? gnutls_strerror(r) : "文件里没有证书");
}

/* The handshake was the only use of some hundred root certificates: 3 MB in a daemon that waits. A
 * second handshake on this connection, which nobody asks for, would find nobody to trust. */
static void trust_forget(struct stream *stream)
{
    gnutls_x509_trust_list_t nobody;
    if (gnutls_x509_trust_list_init(&nobody, 1) == GNUTLS_E_SUCCESS)
        gnutls_certificate_set_trust_list(stream->trust, nobody, 0);
}

static gboolean certificate_fail(struct stream *stream)
{
    unsigned status = gnutls_session_get_verify_cert_status(stream->tls);
    const char *words = "证书不可信";
    if ((status & GNUTLS_CERT_UNEXPECTED_OWNER) != 0)
        words = "证书与主机名不符";
    else if ((status & GNUTLS_CERT_EXPIRED) != 0)
        words = "证书已过期（也请核对本机时间）";
    else if ((status & GNUTLS_CERT_NOT_ACTIVATED) != 0)
        words = "证书尚未生效（请核对本机时间）";
    gnutls_datum_t detail = { NULL, 0 };
    gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &detail, 0);
    g_autofree char *line = server_words((const char *)detail.data, detail.size);
    stream_fail(stream, "%s：%s", words, line);
    gnutls_free(detail.data);
    return FALSE;
}

static short tls_direction(struct stream *stream)
{
    return gnutls_record_get_direction(stream->tls) == 1 ? POLLOUT : POLLIN;
}

/* What to do after a GnuTLS call that did not succeed: TRUE to call again. */
static gboolean tls_again(struct stream *stream, int r, const char *what)
{
    if (r == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
        return certificate_fail(stream);
    if (r == GNUTLS_E_AGAIN)
        return stream_wait(stream, tls_direction(stream));
    if (!gnutls_error_is_fatal(r))
        return stream_may_go_on(stream);
    if (r == GNUTLS_E_PREMATURE_TERMINATION)
        return stream_fail(stream, "服务器断开了连接");
    return stream_fail(stream, "%s：%s", what, gnutls_strerror(r));
}

gboolean stream_tls_start(struct stream *stream)
{
    const char *host = stream->account->host;
    if (!trust_load(stream))
        return FALSE;
    if (gnutls_init(&stream->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
        g_error("out of memory");
    gnutls_set_default_priority(stream->tls);
    gnutls_credentials_set(stream->tls, GNUTLS_CRD_CERTIFICATE, stream->trust);
    if (!is_ip_address(host))
        gnutls_server_name_set(stream->tls, GNUTLS_NAME_DNS, host, strlen(host));
    gnutls_session_set_verify_cert(stream->tls, host, 0);
    gnutls_transport_set_int(stream->tls, stream->fd);
    int r;
    while ((r = gnutls_handshake(stream->tls)) != GNUTLS_E_SUCCESS)
        if (!tls_again(stream, r, "建立加密连接失败"))
            return FALSE;
    trust_forget(stream);
    return TRUE;
}

ssize_t stream_tls_result(struct stream *stream, ssize_t r)
{
    if (r > 0)
        return r;
    if (r == 0) {
        stream_fail(stream, "服务器断开了连接");
        return -1;
    }
    return tls_again(stream, (int)r, "加密连接中断") ? 0 : -1;
}
