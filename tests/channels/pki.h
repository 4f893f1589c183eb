/* A throw-away CA and a server certificate, made by GnuTLS in a temporary directory. */
#ifndef TESTS_PKI_H
#define TESTS_PKI_H

#include "test.h"
#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <time.h>
#include <unistd.h>

struct pki {
    char *dir, *ca_file;
    gnutls_certificate_credentials_t server;
};

static inline void pki_must(int r)
{
    if (r < 0)
        ck_abort_msg("GnuTLS: %s", gnutls_strerror(r));
}

static inline gnutls_x509_privkey_t pki_key(void)
{
    gnutls_x509_privkey_t key;
    pki_must(gnutls_x509_privkey_init(&key));
    pki_must(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                          GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
    return key;
}

/* name NULL: a CA. A name of digits is an IP address. */
static inline gnutls_x509_crt_t pki_certificate(gnutls_x509_privkey_t key, const char *name,
                                                gnutls_x509_crt_t issuer,
                                                gnutls_x509_privkey_t issuer_key)
{
    static unsigned char serial;
    gnutls_x509_crt_t certificate;
    const char *common = name != NULL ? "server" : "test CA";
    pki_must(gnutls_x509_crt_init(&certificate));
    pki_must(gnutls_x509_crt_set_version(certificate, 3));
    serial++;
    pki_must(gnutls_x509_crt_set_serial(certificate, &serial, 1));
    pki_must(gnutls_x509_crt_set_activation_time(certificate, time(NULL) - 3600));
    pki_must(gnutls_x509_crt_set_expiration_time(certificate, time(NULL) + 86400));
    pki_must(gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, common,
                                           strlen(common)));
    pki_must(gnutls_x509_crt_set_key(certificate, key));
    pki_must(gnutls_x509_crt_set_basic_constraints(certificate, name == NULL, -1));
    pki_must(gnutls_x509_crt_set_key_usage(
        certificate, name == NULL ? GNUTLS_KEY_KEY_CERT_SIGN : GNUTLS_KEY_DIGITAL_SIGNATURE));
    struct in_addr ip;
    if (name != NULL && inet_pton(AF_INET, name, &ip) == 1)
        pki_must(gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, &ip,
                                                      sizeof ip, GNUTLS_FSAN_SET));
    else if (name != NULL)
        pki_must(gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name,
                                                      strlen(name), GNUTLS_FSAN_SET));
    pki_must(gnutls_x509_crt_sign2(certificate, issuer != NULL ? issuer : certificate,
                                   issuer != NULL ? issuer_key : key, GNUTLS_DIG_SHA256, 0));
    return certificate;
}

/* A CA whose certificate lies in ca_file, and a server of that name. Free with pki_free. */
static inline struct pki *pki_new(const char *name)
{
    struct pki *pki = g_new0(struct pki, 1);
    gnutls_x509_privkey_t ca_key = pki_key(), key = pki_key();
    gnutls_x509_crt_t ca = pki_certificate(ca_key, NULL, NULL, NULL);
    gnutls_x509_crt_t certificate = pki_certificate(key, name, ca, ca_key);
    gnutls_datum_t pem;
    pki_must(gnutls_x509_crt_export2(ca, GNUTLS_X509_FMT_PEM, &pem));
    pki->dir = g_dir_make_tmp("pki-XXXXXX", NULL);
    pki->ca_file = g_build_filename(pki->dir, "ca.pem", NULL);
    ck_assert(g_file_set_contents(pki->ca_file, (char *)pem.data, pem.size, NULL));
    gnutls_free(pem.data);
    pki_must(gnutls_certificate_allocate_credentials(&pki->server));
    pki_must(gnutls_certificate_set_x509_key(pki->server, &certificate, 1, key));
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_crt_deinit(ca);
    gnutls_x509_privkey_deinit(ca_key);
    gnutls_x509_privkey_deinit(key);
    return pki;
}

static inline void pki_free(struct pki *pki)
{
    gnutls_certificate_free_credentials(pki->server);
    g_unlink(pki->ca_file);
    g_rmdir(pki->dir);
    g_free(pki->ca_file);
    g_free(pki->dir);
    g_free(pki);
}

#endif
