#!/bin/sh
# deps.sh build|test|bench|fuzz: installs what is missing for building, for the tests and the demo,
# for the bench or for the fuzzers, and says what and why. apt only. No service comes to life by it:
# a Dovecot that was not there before is installed disabled and not started; the tests run a private
# one.
set -eu

BUILD='
gcc                   compiles lianluo
libc6-dev             headers of the C library
make                  runs the Makefile
pkg-config            finds the libraries
libglib2.0-dev        GLib: strings, dates, errors, settings; compiles the texts in
libgmime-3.0-dev      GMime: reads and writes mails
libetpan-dev          libetpan: IMAP
libcurl4-gnutls-dev   libcurl: SMTP and WeCom
libgnutls28-dev       GnuTLS: verified TLS for IMAP
nettle-dev            nettle: SHA-256
libsqlite3-dev        SQLite: the ledger
libjansson-dev        Jansson: JSON
libarchive-dev        libarchive: zip and other archives, in lianluo-read and lianluo-write
libxml2-dev           libxml2: XML and HTML inside documents, in lianluo-read
libseccomp-dev        libseccomp: the cage of lianluo-read
libxlsxwriter-dev     libxlsxwriter: writes the collation
libsystemd-dev        tells systemd that the daemon is ready and alive
tzdata                time zones (Asia/Shanghai)
'
TEST='
check                 unit tests
python3               end-to-end tests and the demo (/usr/bin/python3)
python3-aiosmtpd      the SMTP server of the tests
dovecot-imapd         the IMAP server of the tests (a private one; no service is started)
openssl               their throw-away certificates
isync                 mbsync, beside which make bench measures
git                   lists the files that the linters look at
clang-format          layout of C
cppcheck              linter for C
shellcheck            linter for shell
poppler-utils         pdftotext: what a .pdf says (at run time, too)
catdoc                .doc, .rtf, .xls (at run time; libreoffice-writer- and -calc-nogui see more)
systemd               systemd-analyze looks at the unit file
'
BENCH='
pandoc                reads a .docx beside lianluo read
libreoffice-writer-nogui  the same
notmuch               indexes the Maildir beside lianluo inspect
'
FUZZ='
clang                 the compiler of the fuzzers
libclang-rt-14-dev    libFuzzer and its sanitizers
xz-utils              unpacks what earlier runs found
'
# Packages that bring services, and the names of these.
SERVICE_PACKAGE=dovecot-core
SERVICE=dovecot
UNITS='dovecot.service dovecot.socket'
POLICY=/usr/sbin/policy-rc.d
PRESET=/etc/systemd/system-preset/00-lianluo.preset

names() { printf '%s' "$1" | awk 'NF { print $1 }'; }

die()
{
    echo "deps: $*" >&2
    exit 1
}

# The rows of a table whose packages are not installed.
missing()
{
    # shellcheck disable=SC2046
    there=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $(names "$1") 2>/dev/null |
        awk '$1 == "installed" { print $2 }') || true
    printf '%s' "$1" | awk -v there="$there" '
        BEGIN { n = split(there, list, "\n"); for (i = 1; i <= n; i++) found[list[i]] = 1 }
        NF && !($1 in found)'
}

installed() { test "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed; }

apt()
{
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 "$@"
}

# ---- as root, in a process of its own: deps.sh --install PACKAGE...

ours='' # what we put there for the time of the installation

# Debian's scripts enable a service by `systemctl preset`, and start it unless policy-rc.d forbids.
# (Masked instead, it would come to life with the package's next upgrade.)
hold_services()
{
    if test ! -e $PRESET; then
        test -d "${PRESET%/*}" || ours="${PRESET%/*}"
        mkdir -p "${PRESET%/*}"
        ours="$PRESET $ours"
        # shellcheck disable=SC2086
        printf 'disable %s\n' $UNITS >$PRESET
    fi
    if test ! -e $POLICY && test ! -L $POLICY; then
        ours="$POLICY $ours"
        printf '#!/bin/sh\n# put here by lianluo while it installs packages\nexit 101\n' >$POLICY
        chmod 755 $POLICY
    fi
}

# Once more the way an administrator would, for systems where presets do not count.
disable_services()
{
    if test -e "/etc/init.d/$SERVICE"; then update-rc.d "$SERVICE" disable || true; fi
    if command -v systemctl >/dev/null; then
        for unit in $UNITS; do systemctl --quiet disable "$unit" 2>/dev/null || true; done
    fi
    if test -d /run/systemd/system; then
        systemctl daemon-reload || true
        for unit in $UNITS; do systemctl --quiet stop "$unit" || true; done
    fi
}

# However the installation ended, by Ctrl-C too.
clean_up()
{
    if dpkg-query -W $SERVICE_PACKAGE >/dev/null 2>&1; then disable_services; fi
    for path in $ours; do
        if test -d "$path"; then rmdir "$path"; else rm -f "$path"; fi
    done
}

install_packages()
{
    apt update || echo 'deps: the package lists could not be renewed; trying those at hand' >&2
    if ! installed $SERVICE_PACKAGE; then
        trap clean_up EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM HUP
        hold_services
    fi
    apt install --no-install-recommends --no-remove "$@"
}

# ---- as anybody

# libetpan-dev wants libcurl4-gnutls-dev, which cannot stand beside the OpenSSL flavour.
refuse_conflict()
{
    if installed libcurl4-openssl-dev; then
        die "libcurl4-openssl-dev is installed. It excludes libcurl4-gnutls-dev, which libetpan-dev
needs. If nothing else here is built with it, remove it and try again:
    apt-get remove libcurl4-openssl-dev"
    fi
}

main()
{
    case ${1-} in
    build) table=$BUILD ;;
    test) table=$TEST ;;
    bench) table=$BENCH ;;
    fuzz) table=$FUZZ ;;
    --install)
        shift
        install_packages "$@"
        return
        ;;
    *) die 'usage: packaging/deps.sh build|test|bench|fuzz' ;;
    esac
    if ! command -v dpkg-query >/dev/null; then
        echo 'deps: this is no Debian; what is needed:' >&2
        printf '%s\n' "$table" >&2
        exit 1
    fi
    rows=$(missing "$table")
    if test -z "$rows"; then return; fi
    kind=$1
    printf 'Missing for %s:\n%s\n' "$kind" "$rows"
    case $rows in *libcurl4-gnutls-dev*) refuse_conflict ;; esac
    # shellcheck disable=SC2046
    set -- $(names "$rows")
    if test "$(id -u)" -eq 0; then
        sh "$0" --install "$@"
    elif command -v sudo >/dev/null; then
        sudo sh "$0" --install "$@"
    else
        die "not root, and no sudo. Let an administrator run:
    packaging/deps.sh $kind
or, which may leave a Dovecot enabled:
    apt-get install --no-install-recommends $*"
    fi
    test -z "$(missing "$table")" || die 'still missing; see what apt said above'
}

main "$@"
