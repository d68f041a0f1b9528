"""Somebody stands in the line and shows a certificate, or breaks TLS: nothing is told to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from martlet.mail.account import Pin, Protocol, Security
from martlet.mail.errors import Offline, TlsRefused
from martlet.mail.route import Route
from support.attacks import PRIVATE, Heist, begun, false, nobody_got_anything, over_tls
from support.certificates import Certificates, issue, self_signed
from support.scripted import close, read_some, reset, send, stall
from support.smtp_steps import ALERT, swallow

ALL = list(Protocol)
# A ServerHello of TLS 1.0 and of TLS 1.1, and the alert of a server that knows no newer one.
OLD_HELLOS = {
    "TLS 1.0": b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01" + bytes(32) + b"\x00\x00\x2f\x00",
    "TLS 1.1": b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02" + bytes(32) + b"\x00\x00\x2f\x00",
    "SSL 3": b"\x16\x03\x00\x00\x2a\x02\x00\x00\x26\x03\x00" + bytes(32) + b"\x00\x00\x2f\x00",
    "alert": b"\x15\x03\x01\x00\x02\x02\x46",
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="module")
def trusted(good: Certificates) -> Route:
    return Route(str(good.ca_file))


@dataclass(frozen=True)
class Fault:
    """A certificate that does not verify, and what is said of it. ca: its authority is known."""

    made: Certificates
    words: str
    ca: bool


FAULTS = ["wrong host", "expired", "not yet valid", "self-signed", "unknown CA"]


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fault]:
    folder = tmp_path_factory.mktemp("faults")
    return {
        "wrong host": Fault(issue(folder / "a", "evil.example"), "is for evil.example, not", True),
        "expired": Fault(issue(folder / "b", starts=-2, ends=-1), "expired on ", True),
        "not yet valid": Fault(issue(folder / "c", starts=1, ends=2), "not valid before", True),
        "self-signed": Fault(self_signed(folder / "d"), "is self-signed", False),
        "unknown CA": Fault(issue(folder / "e"), "an authority this computer does not", False),
    }


@pytest.mark.parametrize("security", PRIVATE)
@pytest.mark.parametrize("protocol", ALL)
@pytest.mark.parametrize("name", FAULTS)
def test_a_false_certificate(
    name: str, protocol: Protocol, security: Security, faults: dict[str, Fault], good: Certificates
) -> None:
    fault = faults[name]
    known = fault.made if fault.ca else good
    changed = Pin("localhost", "00" * 32)
    # A pin of another host changes nothing, one of another certificate makes it loud.
    for pin in (None, Pin("elsewhere.example", fault.made.sha256), changed):
        route = Route(str(known.ca_file), (pin,) if pin else ())
        with Heist(false(protocol, security), certificates=fault.made) as heist:
            error = heist.enter(protocol, security, route)
        assert type(error) is TlsRefused
        assert fault.words in error.summary
        assert (error.host, error.fingerprint) == ("localhost", fault.made.sha256)
        assert fault.made.sha256 in error.certificate
        assert error.summary.startswith("WARNING") == (pin is changed)
        nobody_got_anything(heist)


@pytest.mark.parametrize("security", PRIVATE)
@pytest.mark.parametrize("protocol", ALL)
def test_the_certificate_changes_after_it_was_pinned(
    protocol: Protocol, security: Security, good: Certificates, tmp_path: Path
) -> None:
    script = [*begun(protocol, security), *over_tls(protocol, security)]
    route = Route(pins=(Pin("localhost", good.sha256),))
    with Heist(script, certificates=good) as heist:
        assert heist.enter(protocol, security, route) is None
        assert heist.in_clear() == []
    with Heist(false(protocol, security), certificates=issue(tmp_path)) as heist:
        error = heist.enter(protocol, security, route)
    assert type(error) is TlsRefused
    assert error.summary.startswith("WARNING: localhost shows another certificate than the one you")
    nobody_got_anything(heist)


@pytest.mark.parametrize("old", OLD_HELLOS)
@pytest.mark.parametrize("security", PRIVATE)
@pytest.mark.parametrize("protocol", ALL)
def test_tls_too_old(protocol: Protocol, security: Security, old: str, trusted: Route) -> None:
    script = [*begun(protocol, security), read_some(), send(OLD_HELLOS[old]), swallow()]
    with Heist(script) as heist:
        error = heist.enter(protocol, security, trusted)
    assert type(error) is TlsRefused
    assert "versions of TLS that are no longer safe" in error.summary or old == "SSL 3"
    assert heist.server.connections == 1
    nobody_got_anything(heist)


@pytest.mark.parametrize("end", ["close", "reset", "alert", "silence"])
@pytest.mark.parametrize("security", PRIVATE)
@pytest.mark.parametrize("protocol", ALL)
def test_the_handshake_is_cut_off(
    protocol: Protocol, security: Security, end: str, trusted: Route
) -> None:
    steps = {"close": close(), "reset": reset(), "alert": send(ALERT), "silence": stall()}
    script = [*begun(protocol, security), read_some(), steps[end]]
    with Heist(script) as heist:
        error = heist.enter(
            protocol, security, trusted, timeout_s=0.5 if end == "silence" else 30.0
        )
    assert isinstance(error, Offline | TlsRefused)
    # It is not tried again in clear.
    assert heist.server.connections == 1
    nobody_got_anything(heist)


@pytest.mark.parametrize("security", PRIVATE)
@pytest.mark.parametrize("protocol", ALL)
def test_tls_ends_before_or_while_signing_in(
    protocol: Protocol, security: Security, good: Certificates, trusted: Route
) -> None:
    whole = over_tls(protocol, security)
    for length in range(1, 5):
        script = [*begun(protocol, security), *whole[:length], close()]
        with Heist(script, certificates=good) as heist:
            error = heist.enter(protocol, security, trusted)
        assert isinstance(error, Offline), length
        assert heist.in_clear() == []
        assert heist.server.connections == 1
