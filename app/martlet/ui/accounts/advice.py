"""The one thing to try after a test that failed: from where it stopped, why, and at whose server.

stage           kind            what is suggested
none            AUTH            give the password
NAME            OFFLINE         look at the server's name
CONNECTION      OFFLINE         look at the port, or the security; try again
CERTIFICATE     TLS, with one   look at the certificate
any             TLS, without    another kind of security
SIGN_IN         AUTH            what the provider wants as password, else the password
SIGN_IN         REFUSED         switch IMAP or POP3 on at the provider
FOLDERS, SEND   any             try again, or what the server said
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from martlet.mail.account import TestStep
from martlet.mail.errors import ErrorKind
from martlet.mail.providers import SignIn
from martlet.mail.route import Stage
from martlet.mail.server import Protocol
from martlet.ui.accounts.found import Place
from martlet.ui.accounts.words import help_words, sign_in_hint


def _tr(text: str) -> str:
    return QCoreApplication.translate("Accounts", text)


class Deed(Enum):
    """What the advice's button does."""

    AGAIN = "again"
    CHANGE = "change"
    CERTIFICATE = "certificate"
    BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Custom:
    """What is known of the provider. url: its page about passwords; browser: OAuth is known.

    by_browser: the person has signed in there this time.
    """

    name: str = ""
    sign_in: SignIn = SignIn.PASSWORD
    url: str = ""
    browser: bool = False
    by_browser: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """sentence: for a person. place: what to change with Deed.CHANGE, of that server.

    link: a page of the provider, with the words for it.
    """

    sentence: str
    deed: Deed
    place: Place = Place.HOST
    protocol: Protocol | None = None
    link: str = ""
    link_words: str = ""


def first_failure(steps: Sequence[TestStep]) -> TestStep | None:
    """The step that matters: the first that failed."""
    return next((step for step in steps if not step.ok), None)


def advice(steps: Sequence[TestStep], custom: Custom) -> Advice | None:
    """None when all went well."""
    failed = first_failure(steps)
    if failed is None:
        return None
    protocol = failed.protocol
    if failed.fingerprint:
        return Advice(
            _tr("Look at the certificate, and trust it only if you know that it is this server's."),
            Deed.CERTIFICATE,
            protocol=protocol,
        )
    if failed.kind is ErrorKind.AUTH:
        return _about_signing_in(steps, failed, custom)
    if failed.kind is ErrorKind.TLS:
        return Advice(
            _tr("Choose another kind of security; the port follows by itself."),
            Deed.CHANGE,
            Place.SECURITY,
            protocol,
        )
    match failed.stage:
        case Stage.NAME:
            return Advice(
                _tr("Check how the server's name is written, and whether you are online."),
                Deed.CHANGE,
                Place.HOST,
                protocol,
            )
        case Stage.CONNECTION | Stage.CERTIFICATE:
            return _about_connecting(failed)
        case Stage.SIGN_IN if failed.kind is ErrorKind.REFUSED:
            return _switched_off(failed, custom)
    if failed.stage is None and failed.kind is None:
        return Advice(
            _tr("Check the servers' names and ports, and whether you are online."),
            Deed.CHANGE,
            Place.HOST,
            protocol,
        )
    return Advice(_tr("That may pass by itself. Try again in a moment."), Deed.AGAIN)


def _about_connecting(failed: TestStep) -> Advice:
    if failed.kind is ErrorKind.BAD_SERVER:
        sentence = _tr("What answers there is no mail server of this kind. Check the port.")
    else:
        sentence = _tr(
            "Nothing answers there. Check the port; a firewall or the network you are in may also "
            "keep mail out."
        )
    return Advice(sentence, Deed.CHANGE, Place.PORT, failed.protocol)


def _about_signing_in(steps: Sequence[TestStep], failed: TestStep, custom: Custom) -> Advice:
    if custom.by_browser:
        return Advice(
            _tr(
                "Sign in with the browser again, as the person whose mail this is, and look "
                "whether the user name is right."
            ),
            Deed.BROWSER,
            protocol=failed.protocol,
        )
    if custom.browser and custom.sign_in is SignIn.BROWSER:
        return Advice(
            _tr("{name} takes no password here. Sign in with the browser.").format(
                name=custom.name or _tr("The provider")
            ),
            Deed.BROWSER,
            protocol=failed.protocol,
        )
    link, link_words = "", ""
    if custom.sign_in is not SignIn.PASSWORD and custom.url:
        link, link_words = custom.url, help_words(custom.sign_in, custom.name)
    received = any(
        step.ok and step.stage is Stage.SIGN_IN and step.protocol is not Protocol.SMTP
        for step in steps
    )
    if failed.protocol is Protocol.SMTP and received:
        return Advice(
            _tr(
                "The password is right for receiving. The server for sending may want another user "
                "name, or a password of its own (under Advanced)."
            ),
            Deed.CHANGE,
            Place.USER,
            failed.protocol,
            link,
            link_words,
        )
    sentence = sign_in_hint(custom.sign_in, custom.name) or _tr(
        "Check the password, and that the user name is what your provider gave you."
    )
    return Advice(sentence, Deed.CHANGE, Place.PASSWORD, failed.protocol, link, link_words)


def _switched_off(failed: TestStep, custom: Custom) -> Advice:
    name = failed.protocol.name if failed.protocol is not None else ""
    sentence = _tr(
        "{protocol} may be switched off in your provider's settings. Switch it on there, then try "
        "again."
    ).format(protocol=name)
    link_words = help_words(SignIn.SWITCH_ON, custom.name) if custom.url else ""
    return Advice(sentence, Deed.AGAIN, protocol=failed.protocol, link=custom.url,
                  link_words=link_words)  # fmt: skip
