"""Trying an account's settings out: connects and signs in everywhere, and changes nothing.

    for each server: NAME ─> CONNECTION ─> CERTIFICATE ─> SIGN_IN ─> FOLDERS or SEND
Each stage is a step, told as soon as it is done; the first that fails ends its server, and the
next server is tried all the same. A user name and password that one server of a provider refused
are not shown to its others: accounts get locked that way.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from martlet.engine.events import Announcer
from martlet.engine.secrets import Secrets
from martlet.engine.settings import check_settings
from martlet.engine.signing_in import signed_in
from martlet.engine.trial import Given, Trial
from martlet.mail.account import Account, TestStep
from martlet.mail.changes import Tested
from martlet.mail.errors import AuthFailed, MailError, Offline, TlsRefused
from martlet.mail.identity import Identity
from martlet.mail.letter_size import SizeLimit
from martlet.mail.route import Route, Stage
from martlet.mail.server import Protocol, Security, Server
from martlet.net.imap import ImapSession
from martlet.net.pop3 import Pop3Session
from martlet.net.sasl import NotOffered
from martlet.net.smtp import check
from martlet.net.words import quoted

TEST_TIMEOUT_S = 20.0
SAID_LIMIT = 200  # characters of a server's own words

_REACHED = {
    Stage.NAME: "The server's name is found.",
    Stage.CONNECTION: "Connected.",
    Stage.CERTIFICATE: "The connection is private.",
}
# What the system says ("TimeoutError: timed out") is jargon; only a server's words are shown.
_JARGON = re.compile(r"[A-Za-z]+(?:Error|error): ")
_OFFERS = "It offers: "

log = logging.getLogger("martlet.accounts")


class Testing:
    """Tests of accounts, stored or not. learned: keeps what a server takes at most."""

    __test__ = False

    def __init__(
        self,
        secrets: Secrets,
        announcer: Announcer,
        learned: Callable[[Server, SizeLimit], None],
    ) -> None:
        self._secrets = secrets
        self._announcer = announcer
        self._learned = learned

    def test(self, account: Account, given: Given, ticket: str) -> list[TestStep]:
        """Connects and signs in everywhere the account says, its identities' own servers too.

        ticket: "" or what the steps are announced under, each as it is done. Raises Refused when
        the settings cannot work at all.
        """
        check_settings(account)
        steps: list[TestStep] = []

        def tell(step: TestStep) -> None:
            steps.append(step)
            if ticket:
                self._announcer.tell(Tested(ticket, step))

        keys = Trial(self._secrets, given)
        refused: list[tuple[Server, str]] = []
        for server, identity in _servers(account):
            _ServerTest(account, server, identity, keys, refused, tell, self._learned).run()
        return steps


class _NotTried(NotOffered):
    """The server was not shown what its neighbour refused."""


class _ServerTest:
    """The stages of one server. refused: servers that did not let a secret in, and that secret."""

    def __init__(
        self,
        account: Account,
        server: Server,
        identity: Identity,
        keys: Trial,
        refused: list[tuple[Server, str]],
        tell: Callable[[TestStep], None],
        learned: Callable[[Server, SizeLimit], None],
    ) -> None:
        self._learned = learned
        self._account = account
        self._server = server
        self._identity = identity
        self._keys = keys
        self._refused = refused
        self._tell = tell
        self._to_come = _stages(server)
        self._asked, self._shown = False, ""

    def run(self) -> None:
        """Tells each stage. Whatever a server does ends here as a step."""
        account, server = self._account, self._server
        try:
            signed_in(self._keys, account, server, self._try_out, self._identity.id)
        except MailError as error:
            stage = self._stage_of(error)
            no_way_in = isinstance(error, AuthFailed) and not isinstance(error, NotOffered)
            if self._shown and no_way_in and stage is Stage.SIGN_IN:
                self._refused.append((server, self._shown))
            self._failed(error, stage)

    def _try_out(self, secret: str, route: Route) -> None:
        server = self._server
        self._asked, self._shown = True, secret
        told = replace(route, reached=self._reached)
        if server.protocol is Protocol.IMAP:
            imap = ImapSession.open(server, secret, route=told, timeout_s=TEST_TIMEOUT_S)
            try:
                self._reached(Stage.SIGN_IN)
                count = len(imap.list_folders())
                imap.logout()
            finally:
                imap.close()
            self._done(Stage.FOLDERS, f"{count} folder{'' if count == 1 else 's'}.")
        elif server.protocol is Protocol.POP3:
            with Pop3Session.open(server, secret, route=told, timeout_s=TEST_TIMEOUT_S) as pop:
                self._reached(Stage.SIGN_IN)
                count = pop.count()
                with contextlib.suppress(MailError):  # nothing was changed that could be lost
                    pop.quit()
            self._done(Stage.FOLDERS, f"{count} message{'' if count == 1 else 's'}.")
        elif (before := self._refused_by(secret)) is not None:
            nobody = replace(server, user="", auth="")
            told = replace(route, reached=self._reached_as_nobody)
            check(nobody, "", route=told, timeout_s=TEST_TIMEOUT_S)
            raise _NotTried(f"Not tried: {before.host} refused this user name and password.")
        else:
            found = check(
                server,
                secret,
                route=told,
                timeout_s=TEST_TIMEOUT_S,
                sender=self._identity.address,
                learned=lambda size: self._learned(server, SizeLimit(size, sure=True)),
            )
            limit = found.partition(", ")[2]
            self._done(Stage.SEND, "Ready to send" + (f"; the server {limit}." if limit else "."))

    def _refused_by(self, secret: str) -> Server | None:
        """Who refused this user and secret already: the same host, or its neighbour."""
        return next(
            (
                server
                for server, tried in self._refused
                if tried == secret
                and server.user == self._server.user
                and _provider(server.host) == _provider(self._server.host)
            ),
            None,
        )

    def _reached(self, stage: Stage) -> None:
        if stage is Stage.SIGN_IN:
            user = self._server.user
            self._done(stage, f"Signed in as {user}." if user else "Nobody has to sign in.")
        else:
            self._done(stage, _REACHED[stage])

    def _reached_as_nobody(self, stage: Stage) -> None:
        if stage is not Stage.SIGN_IN:
            self._reached(stage)

    def _done(self, stage: Stage, said: str) -> None:
        if stage not in self._to_come:
            return  # it was told before: this is one more sign-in, with something newer
        self._to_come.remove(stage)
        self._tell(TestStep(self._what, True, said, protocol=self._server.protocol, stage=stage))

    def _stage_of(self, error: MailError) -> Stage | None:
        """Where it failed; None when no server was asked at all."""
        if not self._asked:
            return None
        if self._to_come[0] is not Stage.NAME:
            return self._to_come[0]
        # A proxy finds the name and connects in one; our own certificate is read before both.
        if self._account.proxy is not None:
            return Stage.CONNECTION
        ours = self._account.certificate and not isinstance(error, Offline)
        return Stage.CERTIFICATE if ours else Stage.NAME

    def _failed(self, error: MailError, stage: Stage | None) -> None:
        shown = error if isinstance(error, TlsRefused) else TlsRefused("")
        self._tell(
            TestStep(
                self._what,
                False,
                _words(error),
                shown.fingerprint,
                shown.host,
                shown.certificate,
                self._server.protocol,
                stage,
                error.kind,
            )
        )

    @property
    def _what(self) -> str:
        return f"{self._server.protocol.name} {self._server.host}:{self._server.port}"


def _servers(account: Account) -> Iterator[tuple[Server, Identity]]:
    """Every server once, with an identity that uses it."""
    main, *others = account.every_identity()
    for server in (account.incoming, account.outgoing):
        if server is not None:
            yield server, main
    for identity in others:
        if identity.outgoing is not None:
            yield identity.outgoing, identity


def _stages(server: Server) -> list[Stage]:
    last = Stage.SEND if server.protocol is Protocol.SMTP else Stage.FOLDERS
    private = [] if server.security is Security.NONE else [Stage.CERTIFICATE]
    return [Stage.NAME, Stage.CONNECTION, *private, Stage.SIGN_IN, last]


def _provider(host: str) -> str:
    """imap.example.org and smtp.example.org are one provider's; an address is only itself."""
    labels = host.casefold().rstrip(".").split(".")
    if ":" in host or labels[-1].isdigit():
        return host
    return ".".join(labels[-2:])


def _words(error: MailError) -> str:
    """The sentence, and in quotes what the server said; the system's words stay in the log."""
    certificate = isinstance(error, TlsRefused) and error.fingerprint
    if not error.detail or certificate or _JARGON.match(error.detail):
        log.info("test: %s %s", error.summary, error.detail)
        return error.summary
    # Only where nobody was refused: there a server's words could begin like this as well.
    if isinstance(error, NotOffered) and error.detail.startswith(_OFFERS):
        return f"{error.summary} {_OFFERS}{quoted(error.detail[len(_OFFERS) :], SAID_LIMIT)}."
    return f"{error.summary} The server said: {quoted(error.detail, SAID_LIMIT)}"
