"""One suggestion for each way a test can fail, and a report that gives nothing away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import Protocol, TestStep
from martlet.mail.errors import ErrorKind
from martlet.mail.providers import SignIn
from martlet.mail.route import Stage
from martlet.ui.accounts.advice import Advice, Custom, Deed, advice
from martlet.ui.accounts.found import Place
from martlet.ui.accounts.report import report
from ui.compose_fakes import account
from ui.support.setting_up import PRINT, WELL, steps

AUTH, TLS, OFFLINE = ErrorKind.AUTH, ErrorKind.TLS, ErrorKind.OFFLINE
URL = "https://example.org/passwords"


PLAIN = Custom()


def given_up(steps: list[TestStep], custom: Custom = PLAIN) -> Advice:
    found = advice(steps, custom)
    assert found is not None
    return found


def test_nothing_is_advised_when_all_is_well() -> None:
    assert advice(WELL, Custom()) is None
    assert advice([], Custom()) is None


@pytest.mark.parametrize(
    ("stage", "kind", "deed", "place", "word"),
    [
        (Stage.NAME, OFFLINE, Deed.CHANGE, Place.HOST, "name is written"),
        (Stage.CONNECTION, OFFLINE, Deed.CHANGE, Place.PORT, "firewall"),
        (Stage.CONNECTION, ErrorKind.BAD_SERVER, Deed.CHANGE, Place.PORT, "Check the port"),
        (Stage.CERTIFICATE, TLS, Deed.CHANGE, Place.SECURITY, "security"),
        (Stage.SIGN_IN, TLS, Deed.CHANGE, Place.SECURITY, "security"),
        (Stage.SIGN_IN, AUTH, Deed.CHANGE, Place.PASSWORD, "password"),
        (Stage.SIGN_IN, ErrorKind.REFUSED, Deed.AGAIN, Place.HOST, "IMAP may be switched off"),
        (Stage.SIGN_IN, OFFLINE, Deed.AGAIN, Place.HOST, "Try again"),
        (Stage.FOLDERS, ErrorKind.BAD_SERVER, Deed.AGAIN, Place.HOST, "Try again"),
    ],
)
def test_each_stop_has_its_advice(
    stage: Stage, kind: ErrorKind, deed: Deed, place: Place, word: str
) -> None:
    found = given_up(steps(Protocol.IMAP, stage, "No.", kind))
    assert (found.deed, found.place) == (deed, place)
    assert word in found.sentence


def test_a_certificate_is_to_be_looked_at() -> None:
    found = given_up(steps(Protocol.SMTP, Stage.CERTIFICATE, "Self-signed.", TLS, PRINT))
    assert (found.deed, found.protocol) == (Deed.CERTIFICATE, Protocol.SMTP)


@pytest.mark.parametrize(
    ("sign_in", "word"),
    [
        (SignIn.APP_PASSWORD, "app password"),
        (SignIn.AUTH_CODE, "授权码"),
        (SignIn.SWITCH_ON, "switched on"),
    ],
)
def test_the_providers_own_way_is_named_with_its_page(sign_in: SignIn, word: str) -> None:
    wrong = steps(Protocol.IMAP, Stage.SIGN_IN, "No.", AUTH)
    found = given_up(wrong, Custom("Example", sign_in, URL))
    assert word in found.sentence
    assert "Example" in found.sentence
    assert (found.link, bool(found.link_words)) == (URL, True)
    assert found.place is Place.PASSWORD


def test_a_provider_of_the_browser_is_signed_in_to_there() -> None:
    wrong = steps(Protocol.IMAP, Stage.SIGN_IN, "No.", AUTH)
    found = given_up(wrong, Custom("Example", SignIn.BROWSER, browser=True))
    assert found.deed is Deed.BROWSER


def test_a_sign_in_by_browser_that_is_refused_is_done_again() -> None:
    wrong = steps(Protocol.IMAP, Stage.SIGN_IN, "invalid_token", AUTH)
    found = given_up(wrong, Custom("Example", SignIn.BROWSER, browser=True, by_browser=True))
    assert found.deed is Deed.BROWSER
    assert "again" in found.sentence


def test_a_password_right_for_receiving_is_not_doubted() -> None:
    wrong = [*steps(Protocol.IMAP), *steps(Protocol.SMTP, Stage.SIGN_IN, "No.", AUTH)]
    found = given_up(wrong)
    assert (found.place, found.protocol) == (Place.USER, Protocol.SMTP)
    assert "right for receiving" in found.sentence


def test_a_step_that_names_nothing_has_advice_too() -> None:
    assert "online" in given_up([TestStep("IMAP x:993", False, "No.")]).sentence


def test_the_report_says_all_but_secrets() -> None:
    owner = replace(account(1, "home", "tom@example.org"))
    wrong = [
        *steps(Protocol.IMAP, Stage.SIGN_IN, "LOGIN tom@example.org hunter2 refused", AUTH),
        *steps(Protocol.SMTP, Stage.CERTIFICATE, "Self-signed.", TLS, PRINT),
    ]
    text = report(owner, wrong, ["hunter2", ""])
    assert "FAIL IMAP mail.home.example:993 sign_in [auth]" in text
    assert "in.example.org:993" in text
    assert PRINT in text
    assert "hunter2" not in text
    assert "tom" not in text.casefold()
    assert "Lindqvist" not in text


def test_a_password_that_holds_the_address_is_hidden_whole() -> None:
    secret = "x1tom@example.orgy2"
    said = [TestStep("IMAP", False, f"LOGIN {secret}")]
    text = report(account(1, "home", "tom@example.org"), said, [secret])
    assert "x1" not in text
    assert "y2" not in text


@given(st.text(min_size=3, max_size=40).filter(lambda text: text.strip("•") != ""))
def test_no_secret_of_any_shape_gets_out(secret: str) -> None:
    said = f"you sent [{secret}]"
    text = report(
        account(1, "home", "tom@example.org"),
        [TestStep("IMAP", False, said, protocol=Protocol.IMAP)],
        [secret],
    )
    assert f"[{secret}]" not in text
