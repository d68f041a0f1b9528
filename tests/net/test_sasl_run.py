"""The SASL exchange on a line: what goes in the command, what after it, and servers that cheat."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline
from martlet.net.sasl import MECHANISMS, exchange
from martlet.net.sasl_run import ROUNDS, UNLIMITED, Challenge, refusal, run


class Wire:
    """Answers with these replies, the last one again and again."""

    def __init__(self, replies: Sequence[Challenge | str]) -> None:
        self.replies = list(replies)
        self.said: list[bytes] = []

    def read(self) -> Challenge | str:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def talk_over(wire: Wire, mechanism: str, initial_limit: int = 0) -> str:
    talk = exchange(mechanism, "ada", "secret", host="localhost", port=1, binding=b"hash")
    return run(
        talk,
        "AUTH",
        begin=wire.said.append,
        write=wire.said.append,
        read=wire.read,
        ok="yes".__eq__,
        initial_limit=initial_limit,
    )


def signed(
    mechanism: str, replies: Sequence[Challenge | str], initial_limit: int = 0
) -> tuple[str, list[bytes]]:
    wire = Wire(replies)
    return talk_over(wire, mechanism, initial_limit), wire.said


PLAIN = base64.b64encode(b"\0ada\0secret")


def test_an_initial_response_goes_with_the_command_where_there_is_room() -> None:
    assert signed("PLAIN", ["yes"], UNLIMITED) == ("yes", [b"AUTH PLAIN " + PLAIN])
    assert signed("PLAIN", ["yes"], len(PLAIN)) == ("yes", [b"AUTH PLAIN " + PLAIN])
    later = ("yes", [b"AUTH PLAIN", PLAIN])
    assert signed("PLAIN", [Challenge(b""), "yes"], len(PLAIN) - 1) == later
    assert signed("PLAIN", [Challenge(b"?"), "yes"]) == later


def test_an_empty_initial_response_is_an_equals_sign() -> None:
    said: list[bytes] = []
    talk = exchange("EXTERNAL", "", "")
    run(
        talk, "AUTHENTICATE", begin=said.append, write=said.append, read=lambda: "yes",
        ok="yes".__eq__, initial_limit=10,
    )  # fmt: skip
    assert said == [b"AUTHENTICATE EXTERNAL ="]


def test_login_is_asked_in_base64_or_in_plain_words() -> None:
    for asked in (b"VXNlcm5hbWU6", b"Username:", b""):
        assert signed("LOGIN", [Challenge(asked), Challenge(asked), "yes"]) == (
            "yes",
            [b"AUTH LOGIN", b"YWRh", b"c2VjcmV0"],
        )


def test_no_is_answered_not_raised() -> None:
    assert signed("PLAIN", ["no"])[0] == "no"


def test_a_challenge_that_is_none_gives_the_exchange_up() -> None:
    wire = Wire([Challenge(b"!")])
    with pytest.raises(BadServer, match="cannot be read"):
        talk_over(wire, "CRAM-MD5")
    assert wire.said == [b"AUTH CRAM-MD5", b"*"]


def test_a_line_lost_while_giving_up_does_not_hide_why() -> None:
    def lost(raw: bytes) -> None:
        raise Offline("gone")

    with pytest.raises(BadServer, match="cannot be read"):
        run(
            exchange("CRAM-MD5", "ada", "secret"), "AUTH", begin=len, write=lost,
            read=lambda: Challenge(b"!"), ok="yes".__eq__,
        )  # fmt: skip


@pytest.mark.parametrize("mechanism", sorted(MECHANISMS))
def test_no_server_asks_for_ever(mechanism: str) -> None:
    for asked in (b"", base64.b64encode(b"r=x,s=eA==,i=1"), b"eyJzdGF0dXMiOiI0MDAifQ=="):
        wire = Wire([Challenge(asked)])
        with pytest.raises(BadServer):
            talk_over(wire, mechanism)
        assert len(wire.said) <= ROUNDS + 2


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS"])
def test_a_yes_without_proof_is_no_yes(mechanism: str) -> None:
    cases: list[list[Challenge | str]] = [["yes"], [Challenge(b""), "yes"]]
    for replies in cases:
        with pytest.raises(BadServer, match=r"having proved|not one|did not prove"):
            signed(mechanism, replies, UNLIMITED)


@given(st.lists(st.binary(max_size=60) | st.just("no") | st.just("yes"), min_size=1, max_size=10))
def test_whatever_a_server_says_the_password_is_only_answered_in_its_place(
    said: list[bytes | str],
) -> None:
    replies = [Challenge(one) if isinstance(one, bytes) else one for one in said]
    for mechanism in ("SCRAM-SHA-256", "CRAM-MD5"):
        wire = Wire(replies)
        with contextlib.suppress(MailError):
            talk_over(wire, mechanism, UNLIMITED)
        sent = b" ".join(wire.said)
        assert b"secret" not in sent
        assert base64.b64encode(b"secret") not in sent


def told(explained: object) -> AuthFailed:
    talk = exchange("OAUTHBEARER", "ada", "token")
    talk.respond(explained if isinstance(explained, bytes) else json.dumps(explained).encode())
    return refusal(talk, "NO sorry")


def test_what_a_server_says_of_a_token_is_put_into_words() -> None:
    # RFC 7628, 3.2.2, and Google's.
    assert "has run out" in told({"status": "invalid_token", "scope": "example_scope"}).summary
    assert "has run out" in told({"status": "401", "schemes": "bearer mac"}).summary
    assert "does not allow mail" in told({"status": "insufficient_scope"}).summary
    assert "not one for this server" in told({"status": "400", "schemes": "Bearer"}).summary
    said = told({"status": "401", "scope": "https://mail.example.org/"})
    # What else is in it may be an address to go to.
    assert said.detail == "NO sorry 401"
    assert told({"status": "x" * 99, "schemes": "bearer"}).detail.endswith("x… bearer")


@pytest.mark.parametrize("explained", [b"", b"[]", b"\xff", b'{"status": {}}', b"[" * 900, b"7"])
def test_what_cannot_be_read_of_it_is_no_harm(explained: bytes) -> None:
    assert "refused the sign-in" in told(explained).summary


def test_each_kind_of_secret_is_refused_in_its_own_words() -> None:
    assert "certificate" in refusal(exchange("EXTERNAL", "", ""), "no").summary
    error = refusal(exchange("PLAIN", "ada", "secret"), "no")
    assert (error.summary, error.detail) == (
        "The server refused the user name or password.",
        "no",
    )
