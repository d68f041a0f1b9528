"""A private Cyrus IMAP for live tests, from Debian's packages, whether installed or only unpacked.

    with Cyrus() as cyrus:
        session = ImapSession.open(cyrus.server(), cyrus.password, ...)

Debian lets one IMAP server be installed at a time, so `packaging/test` unpacks this one beside the
virtual environment and installs nothing. Every user exists and every password is right.
inbox_prefix: folders lie below "INBOX." with a dot between levels, as old installations have it;
else as Dovecot does.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

from martlet.mail.account import Protocol, Security, Server

from .dovecot import free_port, wait_until_greeting

UNPACKED = Path(sys.prefix) / "servers" / "cyrus"
LIBRARIES = ("usr/lib", "usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu",
             "usr/lib/aarch64-linux-gnu", "lib/aarch64-linux-gnu")  # fmt: skip
FOLDERS = ("Drafts", "Sent", "Junk", "Trash", "Archive")


def root() -> Path | None:
    """Where Cyrus lies: "/" when installed, else where it was unpacked, else None."""
    for place in (UNPACKED, Path("/")):
        if (place / "usr/lib/cyrus/bin/imapd").exists():
            return place
    return None


def installed() -> bool:
    return root() is not None


def libraries(place: Path) -> dict[str, str]:
    """The environment in which programs unpacked there find their libraries."""
    found = ":".join(str(place / each) for each in LIBRARIES)
    return {"LD_LIBRARY_PATH": found} if place != Path("/") else {}


class Cyrus:
    """One running Cyrus. capabilities_off: words it is not to announce."""

    password = "secret"

    def __init__(self, *, inbox_prefix: bool = False, capabilities_off: str = "") -> None:
        self.inbox_prefix = inbox_prefix
        self.capabilities_off = capabilities_off
        self.folder = Path(tempfile.mkdtemp(prefix="martlet-cyrus-"))
        self.folder.chmod(0o755)
        self.imap = free_port()
        self.log = self.folder / "master.log"
        self._process: subprocess.Popen[bytes] | None = None

    def server(self, user: str = "ada") -> Server:
        """How an account names this server."""
        return Server(Protocol.IMAP, "127.0.0.1", self.imap, Security.NONE, user)

    def __enter__(self) -> Cyrus:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Starts it and waits until it answers."""
        place = root()
        if place is None:
            raise RuntimeError("Cyrus is not here")
        # It does not serve as root.
        user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self._write_config(place, user.pw_name)
        if os.getuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(place / "usr/lib/cyrus/bin/master"),
                    *("-D", "-C", str(self.folder / "imapd.conf")),
                    *("-M", str(self.folder / "cyrus.conf"), "-p", str(self.folder / "pid")),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.environ.get("PATH", ""), "CYRUS_USER": user.pw_name}
                | libraries(place),
                user=user.pw_uid if os.getuid() == 0 else None,
                group=user.pw_gid if os.getuid() == 0 else None,
                start_new_session=True,
            )
        try:
            wait_until_greeting(self.imap, self._process, self.log)
        except RuntimeError:
            self.stop()
            raise

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Ends it and every connection to it; the mail stays."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def _write_config(self, place: Path, user: str) -> None:
        conf, programs = self.folder / "conf", place / "usr/lib/cyrus/bin"
        for name in ("db", "socket", "proc", "log", "lock", "ptclient", "msg"):
            (conf / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "spool").mkdir(exist_ok=True)
        old = "no" if self.inbox_prefix else "yes"
        roles = "".join(f"xlist-{name.lower()}: {name}\n" for name in FOLDERS)
        off = f"suppress_capabilities: {self.capabilities_off}\n" if self.capabilities_off else ""
        (self.folder / "imapd.conf").write_text(f"""
configdirectory: {conf}
defaultpartition: default
partition-default: {self.folder}/spool
sievedir: {self.folder}/sieve
temp_path: {self.folder}
proc_path: {conf}/proc
mboxname_lockpath: {conf}/lock
idlesocket: {conf}/socket/idle
lmtpsocket: {conf}/socket/lmtp
notifysocket: {conf}/socket/notify
ptloader_sock: {conf}/socket/pt
cyrus_user: {user}
admins: cyrus
sasl_pwcheck_method: alwaystrue
sasl_mech_list: PLAIN LOGIN
allowplaintext: yes
altnamespace: {old}
unixhierarchysep: {old}
autocreate_quota: 0
autocreate_post: 0
autocreate_inbox_folders: {" | ".join(FOLDERS)}
autocreate_subscribe_folders: {" | ".join(FOLDERS)}
delete_mode: immediate
expunge_mode: immediate
{roles}{off}""")
        config = f"-C {self.folder}/imapd.conf"
        (self.folder / "cyrus.conf").write_text(f"""
START {{
  recover cmd="{programs}/ctl_cyrusdb {config} -r"
}}
SERVICES {{
  imap cmd="{programs}/imapd {config} -U 50" listen="127.0.0.1:{self.imap}" prefork=1
}}
DAEMON {{
  idled cmd="{programs}/idled {config}"
}}
EVENTS {{
}}
""")
