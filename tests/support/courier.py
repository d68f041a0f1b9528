"""A private Courier IMAP for live tests, from Debian's packages, unpacked beside the environment.

    with Courier() as courier:
        session = ImapSession.open(courier.server(), courier.password, ...)

Its imapd serves one signed-in user on its standard input and output. What Courier has a daemon and
two programs for, the dialogue up to LOGIN, is done here: a thread greets, takes any password and
gives the socket to an imapd of its own. Folders lie below "INBOX." with a dot between
levels; there is no MOVE, CONDSTORE, LIST-EXTENDED or SPECIAL-USE.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from types import TracebackType

from martlet.mail.account import Protocol, Security, Server
from support.listener import Listener

from .cyrus import libraries

UNPACKED = Path(sys.prefix) / "servers" / "courier"
CAPABILITY = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=REFERENCES SORT QUOTA IDLE"


def root() -> Path | None:
    """Where Courier lies: "/" when installed, else where it was unpacked, else None."""
    for place in (UNPACKED, Path("/")):
        if (place / "usr/bin/imapd").exists():
            return place
    return None


def installed() -> bool:
    return root() is not None


class Courier:
    """One running Courier for any users."""

    password = "secret"

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="martlet-courier-"))
        self._listener = Listener(lambda sock: partial(self._serve, sock), "courier")
        self.imap = self._listener.port
        self._programs: list[subprocess.Popen[bytes]] = []

    def server(self, user: str = "ada") -> Server:
        """How an account names this server."""
        return Server(Protocol.IMAP, "127.0.0.1", self.imap, Security.NONE, user)

    def __enter__(self) -> Courier:
        place = root()
        if place is None:
            raise RuntimeError("Courier is not here")
        # imapd watches folders by it, and else waits a second for it at every turn.
        for program in sorted(place.glob("usr/libexec/gam_server")):
            environment = {"GAM_CLIENT_ID": self.folder.name} | libraries(place)
            self._programs.append(
                subprocess.Popen(
                    [str(program), self.folder.name],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
        self._listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for program in self._programs:
            program.kill()
            program.wait(30)
        self._listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _serve(self, sock: socket.socket) -> None:
        with sock:
            sock.settimeout(30)
            sock.sendall(b"* OK Courier-IMAP ready.\r\n")
            # Byte by byte: what follows LOGIN is imapd's to read.
            while line := _line(sock):
                tag, _, rest = line.partition(b" ")
                words = rest.split()
                name = words[0].upper() if words else b""
                if name == b"CAPABILITY":
                    sock.sendall(f"* CAPABILITY {CAPABILITY}\r\n".encode() + tag + b" OK ok\r\n")
                elif name == b"LOGOUT":
                    sock.sendall(b"* BYE bye\r\n" + tag + b" OK bye\r\n")
                    return
                elif name == b"LOGIN":
                    sock.settimeout(None)
                    user = words[1].strip(b'"').decode()
                    self._programs.append(self._imapd(sock, tag.decode(), user))
                    return
                else:
                    sock.sendall(tag + b" BAD sign in first\r\n")

    def _imapd(self, sock: socket.socket, tag: str, user: str) -> subprocess.Popen[bytes]:
        place = root()
        assert place is not None
        home = self.folder / user
        for name in ("cur", "new", "tmp"):
            (home / "Maildir" / name).mkdir(parents=True, exist_ok=True)
        # The settings of /etc/courier/imapd.
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "GAM_CLIENT_ID": self.folder.name,
            "HOME": str(home),
            "MAILDIR": str(home / "Maildir"),
            "IMAPLOGINTAG": tag,
            "PROTOCOL": "imap",
            "TCPREMOTEIP": "127.0.0.1",
            "TCPREMOTEPORT": "1",
            "AUTHENTICATED": user,
            "AUTHADDR": user,
            "AUTHFULLNAME": user,
            "AUTHOPTIONS": "",
            "IMAP_CAPABILITY": CAPABILITY,
            "CAPABILITY": CAPABILITY,
            "IMAP_KEYWORDS": "1",
            "IMAP_ACL": "1",
            "IMAP_USELOCKS": "1",
            "IMAP_ENHANCEDIDLE": "1",
            "IMAP_IDLE_TIMEOUT": "1",
            "IMAP_TRASHFOLDERNAME": "Trash",
            "IMAP_CHECK_ALL_FOLDERS": "0",
        }
        with (self.folder / "imapd.log").open("ab") as log:
            return subprocess.Popen(
                [str(place / "usr/bin/imapd"), "Maildir"],
                cwd=home,
                env=environment | libraries(place),
                stdin=sock.fileno(),
                stdout=sock.fileno(),
                stderr=log,
                start_new_session=True,
            )


def _line(sock: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        more = sock.recv(1)
        if not more:
            return b""
        line += more
    return line
