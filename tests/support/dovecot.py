"""A private Dovecot for live tests: own folder, free loopback ports, no root needed.

    with Dovecot() as dovecot:
        dovecot.deliver("ada", raw)
        session = ImapSession.open(dovecot.server(Protocol.IMAP), dovecot.password, ...)

It speaks IMAP, IMAPS, POP3 and POP3S; mail for its users is taken by LMTP beside it. Mail is
kept as Maildir, so that thousands of messages can be put there by writing files. `stop` and
`start` take it away and bring it back on the same ports with the same mail. Everything is gone
after the `with`.
"""

from __future__ import annotations

import contextlib
import grp
import itertools
import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from martlet.mail.account import Protocol, Security, Server

from .certificates import Certificates, issue
from .lmtp import LmtpDrop

SPECIAL_USE = ("Drafts", "Sent", "Junk", "Trash", "Archive")
MECHANISMS = "plain login cram-md5 scram-sha-1 scram-sha-256"
TOKENS = "xoauth2 oauthbearer"
READY_WITHIN_S = 60.0
PORTS = range(10_000, 32_000)
_places = itertools.count(os.getpid() * 7919)


def installed() -> bool:
    """Whether a Dovecot of version 2 is here to be run."""
    return find_program("dovecot") is not None and find_program("doveadm") is not None


def find_program(name: str) -> str | None:
    """A program's path; those of administrators are found without their PATH."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    """A loopback TCP port nobody listens on at this moment, another one each time.

    Not one of those that the kernel hands to clients: such a client could take it before the
    server is up, or while it is away. Processes that test at the same time begin far apart.
    """
    while True:
        port = PORTS[next(_places) % len(PORTS)]
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until_greeting(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once a server greets on the port; raises when the process ends or time is up."""
    for _ in range(int(READY_WITHIN_S / 0.02)):
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), 5.0) as probe,
        ):
            if probe.recv(1):
                return
        if process.poll() is not None:
            break
        select.select([], [], [], 0.02)
    said = log.read_text("utf-8", "replace")[-4000:] if log.exists() else ""
    raise RuntimeError(f"no server on port {port}:\n{said}")


class Dovecot:
    """One running Dovecot.

    users: names to passwords. imap_capability: replaces what IMAP offers when given (LOGINDISABLED
    and STARTTLS are Dovecot's own to add). plaintext_auth: False refuses passwords before TLS.
    special_use: False leaves the well-known folders without their attributes and does not
    make them. any_user: whoever knows `password` has a mailbox. oauth: the URL it asks about an
    access token, which it puts at the end; then XOAUTH2 and OAUTHBEARER are offered, too.
    settings: more lines for dovecot.conf, at the end.
    """

    password = "secret"

    def __init__(
        self,
        users: Mapping[str, str] | None = None,
        *,
        imap_capability: str = "",
        plaintext_auth: bool = True,
        special_use: bool = True,
        mechanisms: str = MECHANISMS,
        any_user: bool = False,
        settings: str = "",
        oauth: str = "",
        certificates: Certificates | None = None,
    ) -> None:
        self.users = dict(users or {"ada": self.password, "bruno": self.password})
        self.imap_capability = imap_capability
        self.plaintext_auth = plaintext_auth
        self.special_use = special_use
        self.mechanisms = mechanisms
        self.any_user = any_user
        self.settings = settings
        self.oauth = oauth
        self.folder = Path(tempfile.mkdtemp(prefix="martlet-dovecot-"))
        # Login processes and Postfix (as another user) pass through it.
        self.folder.chmod(0o755)
        self.certificates = certificates or issue(self.folder / "tls")
        self.imap, self.imaps, self.pop3, self.pop3s, self.lmtp = (free_port() for _ in range(5))
        self.log = self.folder / "dovecot.log"
        self.config = self.folder / "dovecot.conf"
        self._process: subprocess.Popen[bytes] | None = None
        self._lmtp: LmtpDrop | None = None
        self._numbers = itertools.count(1)

    @property
    def ca_file(self) -> str:
        """The CA to trust, as accounts name it."""
        return str(self.certificates.ca_file)

    def server(
        self,
        protocol: Protocol,
        user: str = "ada",
        security: Security = Security.TLS,
        auth: str = "",
    ) -> Server:
        """How an account names this server."""
        if protocol is Protocol.POP3:
            port = self.pop3s if security is Security.TLS else self.pop3
        else:
            port = self.imaps if security is Security.TLS else self.imap
        return Server(protocol, "localhost", port, security, user, auth)

    def __enter__(self) -> Dovecot:
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
        """Starts it and waits until it answers; the configuration is written anew."""
        program = find_program("dovecot")
        if program is None:
            raise RuntimeError("dovecot is not installed")
        self._write_config()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-F", "-c", str(self.config)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        try:
            for port in (self.imap, self.pop3):
                wait_until_greeting(port, self._process, self.log)
            self._lmtp = LmtpDrop(self.lmtp, frozenset(self.users), self.deliver)
        except RuntimeError:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends it and every connection to it; the mail stays."""
        lmtp, self._lmtp = self._lmtp, None
        if lmtp is not None:
            lmtp.close()
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)
        # What serves connections outlives its master by a moment; here it shall not.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Ends it as a power cut does: all of its processes at once; the mail stays."""
        process = self._process
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        self.stop()

    def doveadm(self, *args: str, stdin: bytes = b"") -> str:
        """Runs doveadm on this instance and answers its output; fails when it fails."""
        program = find_program("doveadm")
        if program is None:
            raise RuntimeError("doveadm is not installed")
        done = subprocess.run(
            [program, "-c", str(self.config), *args], input=stdin, capture_output=True, timeout=60
        )
        if done.returncode:
            raise RuntimeError(f"doveadm {args}: {done.stderr.decode('utf-8', 'replace')}")
        return done.stdout.decode("utf-8", "replace")

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Puts one message into a folder; an IDLEing client hears of it."""
        self.deliver_many(user, [raw], folder)

    def deliver_many(self, user: str, raws: Iterable[bytes], folder: str = "INBOX") -> None:
        """Puts messages into a folder by writing Maildir files, in their order (2 ms for 10).

        folder: ASCII with "/" between levels; it need not exist.
        """
        place = self.maildir(user, folder)
        for made in (place.parent, place, place / "cur", place / "new", place / "tmp"):
            self._make(made)
        before = int((place / "new").stat().st_mtime)
        for raw in raws:
            number = next(self._numbers)
            name = f"{1_500_000_000 + number}.M{number:09}P{os.getpid()}.martlet"
            temporary = place / "tmp" / name
            temporary.write_bytes(raw)
            self._give(temporary)
            temporary.rename(place / "new" / name)
        # Dovecot's index of folders tells news by the whole second in which a folder changed.
        changed = max(int(time.time()), before + 1)
        os.utime(place / "new", (changed, changed))

    def maildir(self, user: str, folder: str = "INBOX") -> Path:
        """Where the files of a folder lie (Maildir++)."""
        root = self._home(user) / "Maildir"
        return root if folder.upper() == "INBOX" else root / ("." + folder.replace("/", "."))

    def _make(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._give(folder)

    def _give(self, path: Path) -> None:
        if os.getuid() == 0:
            os.chown(path, *self._identity())

    def _home(self, user: str) -> Path:
        return self.folder / "mail" / user

    def _identity(self) -> tuple[int, int]:
        """Whose the mail is: the current user's, or nobody's for root, whom Dovecot refuses."""
        if os.getuid():
            return os.getuid(), os.getgid()
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    def _by_token(self) -> str:
        """Access tokens are asked about at `oauth` (RFC 7662) each time; nothing is remembered."""
        asking = self.folder / "oauth2.conf"
        asking.write_text(
            f"introspection_mode = get\nintrospection_url = {self.oauth}\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        return f"passdb {{\n  driver = oauth2\n  mechanisms = {TOKENS}\n  args = {asking}\n}}"

    def _write_config(self) -> None:
        uid, gid = self._identity()
        me = login = pwd.getpwuid(uid).pw_name
        group = grp.getgrgid(gid).gr_name
        if os.getuid() == 0:
            # Dovecot refuses to run its login processes as root.
            me, group, login = "dovecot", "dovecot", "dovenull"
        passwords = self.folder / "passwords"
        passwords.write_text("".join(f"{u}:{{PLAIN}}{p}::::::\n" for u, p in self.users.items()))
        self._make(self.folder / "mail")
        for user in self.users:
            self._make(self._home(user))
        anybody = (
            f"passdb {{\n  driver = static\n  args = password={self.password}\n}}"
            if self.any_user
            else ""
        )
        by_token = self._by_token() if self.oauth else ""
        boxes = "".join(
            f"  mailbox {name} {{\n    special_use = \\{name}\n    auto = subscribe\n  }}\n"
            for name in (SPECIAL_USE if self.special_use else ())
        )
        capability = f"  imap_capability = {self.imap_capability}\n" if self.imap_capability else ""
        # Process counts keep the start short and let a test open many connections.
        self.config.write_text(f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
instance_name = {self.folder.name}
log_path = {self.log}
listen = 127.0.0.1
protocols = imap pop3
default_internal_user = {me}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
first_valid_gid = 0
auth_mechanisms = {self.mechanisms}{" " + TOKENS if self.oauth else ""}
disable_plaintext_auth = {"no" if self.plaintext_auth else "yes"}
login_trusted_networks =
auth_failure_delay = 0
ssl = yes
ssl_cert = <{self.certificates.chain_file}
ssl_key = <{self.certificates.key_file}
ssl_min_protocol = TLSv1.2
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
maildir_stat_dirs = yes
mail_fsync = never
mailbox_list_index = yes
mail_plugins =
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {passwords}
}}
{anybody}
{by_token}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={self.folder}/mail/%n
}}
namespace inbox {{
  inbox = yes
  separator = /
{boxes}}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.imap}
  }}
  inet_listener imaps {{
    port = {self.imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {self.pop3}
  }}
  inet_listener pop3s {{
    port = {self.pop3s}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
protocol imap {{
  mail_max_userip_connections = 100
  imap_idle_notify_interval = 2 mins
{capability}}}
{self.settings}
""")
