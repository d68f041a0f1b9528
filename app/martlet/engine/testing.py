"""Trying an account's settings out: connects and signs in everywhere, and changes nothing."""

from __future__ import annotations

import logging

from martlet.engine.accounts import check_settings
from martlet.engine.events import Announcer
from martlet.engine.secrets import Secrets
from martlet.engine.trial import Given, Trial
from martlet.mail.account import Account, Protocol, Server, TestStep
from martlet.mail.errors import AuthFailed, BadServer, MailError, Refused, TlsRefused
from martlet.net.imap import ImapSession
from martlet.net.pop3 import Pop3Session
from martlet.net.smtp import check

TEST_TIMEOUT_S = 20.0

log = logging.getLogger("martlet.accounts")


class Testing:
    """Tests of accounts, stored or not."""

    __test__ = False

    def __init__(self, secrets: Secrets, announcer: Announcer) -> None:
        self._secrets = secrets
        self._announcer = announcer

    def test(self, account: Account, given: Given, ticket: str) -> list[TestStep]:
        """Connects and signs in everywhere the account says; every step tells how it went."""
        check_settings(account)
        steps: list[TestStep] = []
        try:
            keys = Trial(self._secrets, given)
        except MailError as error:
            return [TestStep("password", False, error.summary)]
        for server in (account.incoming, account.outgoing):
            if server is not None:
                steps += self._test_server(account, server, keys)
        return steps

    def _test_server(self, account: Account, server: Server, keys: Trial) -> list[TestStep]:
        what = f"{server.protocol.name} {server.host}:{server.port}"
        try:
            secret, route = keys.for_server(account, server), keys.route(account)
            if server.protocol is Protocol.IMAP:
                imap = ImapSession.open(
                    server,
                    secret,
                    route=route,
                    timeout_s=TEST_TIMEOUT_S,
                )
                try:
                    count = len(imap.list_folders())
                    imap.logout()
                finally:
                    imap.close()
                said = "Signed in; 1 folder." if count == 1 else f"Signed in; {count} folders."
            elif server.protocol is Protocol.POP3:
                pop = Pop3Session.open(
                    server,
                    secret,
                    route=route,
                    timeout_s=TEST_TIMEOUT_S,
                )
                try:
                    count = len(pop.uidls())
                    pop.quit()
                finally:
                    pop.close()
                said = "Signed in; 1 message." if count == 1 else f"Signed in; {count} messages."
            else:
                check(
                    server,
                    secret,
                    route=route,
                    timeout_s=TEST_TIMEOUT_S,
                )
                said = "Signed in; ready to send."
        except TlsRefused as error:
            return [
                TestStep(
                    what,
                    False,
                    _words(error),
                    fingerprint=error.fingerprint,
                    host=error.host,
                    certificate=error.certificate,
                )
            ]
        except MailError as error:
            return [TestStep(what, False, _words(error))]
        return [TestStep(what, True, said)]


def _words(error: MailError) -> str:
    """With what the server said; what only the system said is jargon and stays in the log."""
    if error.detail and isinstance(error, AuthFailed | Refused | BadServer):
        return f"{error.summary} ({error.detail})"
    log.info("test: %s %s", error.summary, error.detail)
    return error.summary
