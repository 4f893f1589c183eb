"""A throw-away PKI: a CA with a good certificate and one for another host, and a stranger's CA."""
import pathlib
import subprocess

DAYS = "3650"
GOOD, WRONG_NAME, STRANGER = "good", "wrong-name", "stranger"


def _openssl(directory, *args):
    done = subprocess.run(["openssl", *args], cwd=directory, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError("openssl %s: %s" % (args[0], done.stderr))


def _new_key(name):
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", name + ".key"]


class Pki:
    """The files of one directory; ca_file is what clients shall trust."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory).absolute()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.ca_file = self.directory / "ca.crt"
        self._authority("ca")
        self._authority("stranger-ca")
        self._server(GOOD, "ca", "DNS:localhost,IP:127.0.0.1")
        self._server(WRONG_NAME, "ca", "DNS:mail.elsewhere.example")
        self._server(STRANGER, "stranger-ca", "DNS:localhost,IP:127.0.0.1")

    def certificate(self, name):
        """(certificate, key) of GOOD, WRONG_NAME or STRANGER."""
        return self.directory / (name + ".crt"), self.directory / (name + ".key")

    def _authority(self, name):
        _openssl(self.directory, "req", "-x509", *_new_key(name), "-out", name + ".crt",
                 "-days", DAYS, "-subj", "/CN=lianluo test " + name,
                 "-addext", "basicConstraints=critical,CA:TRUE",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def _server(self, name, authority, names):
        extensions = self.directory / (name + ".ext")
        extensions.write_text("subjectAltName=%s\nextendedKeyUsage=serverAuth\n"
                              "basicConstraints=CA:FALSE\n" % names)
        _openssl(self.directory, "req", *_new_key(name), "-out", name + ".csr",
                 "-subj", "/CN=server")
        _openssl(self.directory, "x509", "-req", "-in", name + ".csr", "-CA", authority + ".crt",
                 "-CAkey", authority + ".key", "-CAcreateserial", "-days", DAYS,
                 "-extfile", extensions.name, "-out", name + ".crt")
