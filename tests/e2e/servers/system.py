"""What the servers ask of the system: free ports, short directories, children that die with us."""
import atexit
import ctypes
import os
import pathlib
import random
import shutil
import signal
import socket
import tempfile
import threading

LOOPBACK = "127.0.0.1"
LONGEST_SOCKET_DIR = 60  # Dovecot adds up to 40 characters; the limit of a socket's path is 107


_reserved = []  # sockets whose abstract names keep our ports from other labs until we end


def free_port():
    """A port that nobody listens on and no other lab was given, even one whose server is down just
    now; below those the kernel takes for outgoing connections."""
    for _ in range(200):
        port = random.randint(15000, 31999)
        name = socket.socket(socket.AF_UNIX)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                name.bind("\0lianluo-test-port-%d" % port)
                probe.bind((LOOPBACK, port))
            except OSError:
                name.close()
                continue
        _reserved.append(name)
        return port
    raise RuntimeError("no free port on 127.0.0.1")


def accepts(port):
    try:
        socket.create_connection((LOOPBACK, port), 1).close()
    except OSError:
        return False
    return True


def die_with_parent():
    """For preexec_fn: the kernel ends the child when the thread that started it is gone."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def at_exit(close):
    """Calls close when the program ends, by SIGTERM too (which Python would die of at once; and
    SystemExit would be one more failed test to unittest, which then goes on)."""
    atexit.register(close)
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(*_):
    raise KeyboardInterrupt("SIGTERM")


def new_directory():
    return pathlib.Path(tempfile.mkdtemp(prefix="lianluo-lab-", dir="/tmp"))


def reachable(path):
    """Can an unprivileged user walk down to this directory?"""
    return all(os.stat(p).st_mode & 0o001 for p in [path, *path.parents])


def short_directory(path):
    """A directory for unix sockets: path itself if it is short and reachable for the user that the
    server becomes, else one below /tmp to which path is a link."""
    path = pathlib.Path(path).absolute()
    if path.is_symlink():
        path.unlink()
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o711)
    if len(str(path)) <= LONGEST_SOCKET_DIR and (os.getuid() != 0 or reachable(path)):
        return path
    path.rmdir()
    short = new_directory()
    short.chmod(0o711)
    path.symlink_to(short)
    return short


def remove(path):
    path = pathlib.Path(path)
    if path.is_symlink():
        shutil.rmtree(path.resolve(), ignore_errors=True)
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
