"""A private Postfix for live tests: own folders, free loopback ports, nothing of the system's.

    with mail_host() as (dovecot, postfix):
        submit(postfix.server(user="ada"), dovecot.password, ..., route=Route(dovecot.ca_file))

It takes mail only from who signed in (passwords are Dovecot's), only for Dovecot's users at
`DOMAIN`, and hands it to Dovecot. It looks nothing up in the DNS. Postfix's master insists on being
root: `unusable()` says why a test must be skipped elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from martlet.mail.account import Protocol, Security, Server

from .dovecot import Dovecot, find_program, free_port, wait_until_greeting
from .dovecot import installed as dovecot_installed

DOMAIN = "example.org"
SIZE_LIMIT = 50 << 20
# Needs SMTPUTF8, which what stands behind Postfix here does not know: taken, and thrown away.
UNICODE_ADDRESS = "jürgen@example.org"
STOP_WITHIN_S = 30
DELIVERED_WITHIN_S = 60.0

# For Dovecot(settings=...): lets Postfix ask it whether a password is right. Without anvil's
# penalty, which makes everybody at an address wait after a wrong one.
AUTH_LISTENER = """
service auth {
  unix_listener auth-postfix {
    mode = 0666
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
"""


def unusable() -> str:
    """Why no private Postfix can be run here, or ""."""
    if find_program("postfix") is None or find_program("postconf") is None:
        return "Postfix is not installed"
    if not dovecot_installed():
        return "Dovecot is not installed"
    if os.name != "posix" or os.getuid() != 0:
        return "Postfix's master process must be started by root"
    return ""


@contextlib.contextmanager
def mail_host(
    *, mechanisms: str = "plain login cram-md5 scram-sha-1 scram-sha-256"
) -> Iterator[tuple[Dovecot, Postfix]]:
    """A Dovecot and the Postfix that delivers to it, both ended afterwards."""
    with (
        Dovecot(settings=AUTH_LISTENER, mechanisms=mechanisms) as dovecot,
        Postfix(dovecot) as postfix,
    ):
        yield dovecot, postfix


class Postfix:
    """One running Postfix: port `smtp` plain and STARTTLS, port `smtps` TLS from the first byte.

    dovecot: running, made with AUTH_LISTENER; it checks passwords and gets the mail.
    settings: more lines for main.cf, at the end.
    """

    def __init__(self, dovecot: Dovecot, *, settings: str = "") -> None:
        self.dovecot = dovecot
        self.settings = settings
        self.folder = Path(tempfile.mkdtemp(prefix="martlet-postfix-"))
        self.folder.chmod(0o755)
        self.config = self.folder / "etc"
        self.log = self.folder / "log"
        self.smtp, self.smtps = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def server(
        self, user: str = "ada", security: Security = Security.STARTTLS, auth: str = ""
    ) -> Server:
        """How an account names this server."""
        port = self.smtps if security is Security.TLS else self.smtp
        return Server(Protocol.SMTP, "localhost", port, security, user, auth)

    def __enter__(self) -> Postfix:
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
        """Starts it and waits until it greets; mail still in the queue is delivered."""
        self._write_config()
        # A session of its own, since the master ends its whole process group when it ends.
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._daemons() / "master"), "-c", str(self.config), "-d"],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_until_greeting(self.smtp, self._process, self.log)
        except RuntimeError:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends it and every connection to it."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            # Its own group (see `start`), so these are only its own children.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(STOP_WITHIN_S)

    def wait_until_delivered(self) -> None:
        """Returns once the queue is empty: everything accepted so far is at Dovecot, or refused.

        Postfix makes the file in `incoming` before it says 250, and ends it after delivery.
        """
        for _ in range(int(DELIVERED_WITHIN_S / 0.02)):
            if not any(self._queued()):
                return
            select.select([], [], [], 0.02)
        raise RuntimeError(f"still in the queue:\n{self.log.read_text('utf-8', 'replace')[-4000:]}")

    def wait_until_left(self) -> None:
        """Returns once everybody who came has left, by the log."""
        for _ in range(int(DELIVERED_WITHIN_S / 0.02)):
            log = self.log.read_text("utf-8", "replace")
            if log.count("]: connect from") == log.count("]: disconnect from"):
                return
            select.select([], [], [], 0.02)
        raise RuntimeError(f"somebody has not left:\n{log[-4000:]}")

    def _queued(self) -> Iterator[Path]:
        # Depth-first hashing puts some queues' files into folders of one letter.
        for name in ("incoming", "active", "deferred"):
            for found in (self.folder / "queue" / name).rglob("*"):
                with contextlib.suppress(FileNotFoundError):
                    if found.is_file():
                        yield found

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "MAIL_CONFIG": str(self.config)}

    def _default(self, name: str) -> str:
        """A setting's built-in value in this Postfix."""
        program = find_program("postconf")
        if program is None:
            raise RuntimeError("postconf is not installed")
        done = subprocess.run(
            [program, "-c", str(self.config), "-d", "-h", name],
            env=self._environment(),
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    def _daemons(self) -> Path:
        return Path(self._default("daemon_directory"))

    def _write_config(self) -> None:
        self.config.mkdir(exist_ok=True)
        main = self.config / "main.cf"
        main.touch()
        owner = pwd.getpwnam("postfix")
        for name in ("data", "queue", "queue/pid", *(f"queue/{q}" for q in _QUEUES)):
            made = self.folder / name
            made.mkdir(exist_ok=True)
            if name not in ("queue", "queue/pid"):
                os.chown(made, owner.pw_uid, owner.pw_gid)
                made.chmod(0o700)
        for name in ("public", "maildrop"):
            (self.folder / "queue" / name).chmod(0o755)
        certificates = self.dovecot.certificates
        users = " ".join(f"{{{user}@{DOMAIN} = {user}}}" for user in self.dovecot.users)
        main.write_text(f"""
compatibility_level = 3.6
daemon_directory = {self._daemons()}
queue_directory = {self.folder}/queue
data_directory = {self.folder}/data
maillog_file = {self.log}
maillog_file_prefixes = {self.folder}
myhostname = mail.{DOMAIN}
mydomain = {DOMAIN}
mynetworks =
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
disable_dns_lookups = yes
smtp_host_lookup = native
lmtp_host_lookup = native
smtpd_peername_lookup = no
biff = no
virtual_mailbox_domains = {DOMAIN}
virtual_mailbox_maps = inline:{{ {users} {{{UNICODE_ADDRESS} = nobody}} }}
virtual_transport = lmtp:inet:127.0.0.1:{self.dovecot.lmtp}
transport_maps = inline:{{ {{{UNICODE_ADDRESS} = discard:}} }}
lmtp_destination_recipient_limit = 1
default_transport = error:5.1.2 There is no world outside
message_size_limit = {SIZE_LIMIT}
mailbox_size_limit = 0
virtual_mailbox_limit = 0
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {self.dovecot.folder}/run/auth-postfix
smtpd_sasl_security_options = noanonymous
smtpd_sasl_authenticated_header = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_tls_chain_files = {certificates.key_file}, {certificates.chain_file}
smtpd_tls_security_level = may
smtpd_tls_loglevel = 0
smtpd_tls_session_cache_database =
local_header_rewrite_clients =
smtpd_delay_reject = yes
smtpd_error_sleep_time = 0
smtpd_client_connection_rate_limit = 0
{self.settings}
""")
        (self.config / "master.cf").write_text(
            _SERVICES.format(smtp=f"127.0.0.1:{self.smtp}", smtps=f"127.0.0.1:{self.smtps}")
        )


_QUEUES = (
    "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop",
    "private", "public", "saved", "trace",
)  # fmt: skip

# No service in a chroot; no pickup, since nothing is handed in by the sendmail command.
_SERVICES = """
{smtp} inet n - n - - smtpd
{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
scache unix - - n - 1 scache
flush unix n - n 1000? 0 flush
showq unix n - n - - showq
"""
