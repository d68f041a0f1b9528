"""Access tokens that are refused: the explanation is heard to its end and put into words.

RFC 7628, 3.2.2 and 3.2.3; Google's and Microsoft's XOAUTH2, which came before it.
"""

from __future__ import annotations

import base64
import json

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed
from martlet.mail.route import Route
from support.attacks import Heist, begun, greet, offer
from support.certificates import Certificates, issue
from support.scripted import Script, expect, send
from support.smtp_steps import swallow, tls_begins

ALL = list(Protocol)
EXPLAINED = {
    "XOAUTH2": {"status": "401", "schemes": "Bearer", "scope": "https://mail.example.org/"},
    "OAUTHBEARER": {
        "status": "invalid_token",
        "scope": "mail",
        "openid-configuration": "https://x",
    },
}
ASKS = {Protocol.IMAP: "+ ", Protocol.POP3: "+ ", Protocol.SMTP: "334 "}
NO = {Protocol.IMAP: "M2 NO sorry", Protocol.POP3: "-ERR sorry", Protocol.SMTP: "535 5.7.8 sorry"}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tokens"))


def told(protocol: Protocol, mechanism: str, explained: object, good: Certificates) -> AuthFailed:
    """What came of a token that this explanation was given for."""
    first = [*begun(protocol, Security.TLS), tls_begins(), greet(protocol)]
    long = json.dumps(explained).encode()
    asked = [
        expect(mechanism),
        send(ASKS[protocol] + base64.b64encode(long).decode() + "\r\n"),
        expect(),
        send(NO[protocol] + "\r\n"),
        swallow(),
    ]
    script: Script = [*first, *offer(protocol, auth=mechanism), *asked]
    with Heist(script, certificates=good) as heist:
        route = Route(str(good.ca_file))
        error = heist.enter(protocol, Security.TLS, route, auth=mechanism)
        # The server waits for this before it says no.
        last = heist.server.heard[0][-1]
        assert last == (b"\r\n" if mechanism == "XOAUTH2" else b"AQ==\r\n")
    assert heist.in_clear() == []
    assert heist.server.connections == 1
    assert isinstance(error, AuthFailed)
    return error


@pytest.mark.parametrize("mechanism", EXPLAINED)
@pytest.mark.parametrize("protocol", ALL)
def test_a_token_that_has_run_out(protocol: Protocol, mechanism: str, good: Certificates) -> None:
    error = told(protocol, mechanism, EXPLAINED[mechanism], good)
    assert error.summary == "The server refused the sign-in: it has run out, or was taken back."
    assert "sorry" in error.detail
    assert str(EXPLAINED[mechanism]["status"]) in error.detail
