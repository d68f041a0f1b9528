"""SASL exchanges against the examples of their RFCs, and against servers that cheat."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from martlet.mail.errors import AuthFailed, BadServer
from martlet.net.sasl import MECHANISMS, Exchange, choose, exchange


def test_plain_says_all_at_once() -> None:
    talk = exchange("PLAIN", "tim", "tanstaaftanstaaf")
    assert talk.initial() == b"\0tim\0tanstaaftanstaaf"  # RFC 4616, 4
    assert done(talk)


def test_text_goes_as_utf8() -> None:
    assert exchange("PLAIN", "jürgen", "пароль").initial() == "\0jürgen\0пароль".encode()


def test_plain_cannot_carry_a_null() -> None:
    with pytest.raises(AuthFailed):
        exchange("PLAIN", "a\0b", "c")


@pytest.mark.parametrize("mechanism", sorted(MECHANISMS))
@pytest.mark.parametrize(("user", "secret"), [("ada\udc80", "se"), ("ada", "se\udc80cret")])
def test_what_is_no_text_is_shown_to_nobody(mechanism: str, user: str, secret: str) -> None:
    with pytest.raises(AuthFailed) as caught:
        exchange(mechanism, user, secret, binding=b"x" if mechanism.endswith("-PLUS") else None)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    assert "cret" not in f"{caught.value}{caught.value.detail}"


def test_login_answers_two_questions_in_order_whatever_they_say() -> None:
    talk = exchange("LOGIN", "ada", "secret")
    assert talk.initial() is None
    assert not done(talk)
    assert talk.respond(b"User Name\0") == b"ada"
    assert talk.respond(b"") == b"secret"
    assert done(talk)
    with pytest.raises(BadServer):
        talk.respond(b"again")


def test_cram_md5() -> None:
    talk = exchange("CRAM-MD5", "tim", "tanstaaftanstaaf")
    assert talk.initial() is None
    challenge = base64.b64decode("PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+")
    assert talk.respond(challenge) == b"tim b913a602c7eda7a495b4e6e7334d3890"  # RFC 2195, 2
    assert done(talk)


def test_xoauth2_and_its_explained_refusal() -> None:
    talk = exchange("XOAUTH2", "ada@example.org", "token")
    assert talk.initial() == b"user=ada@example.org\x01auth=Bearer token\x01\x01"
    assert talk.respond(b'{"status":"400"}') == b""


def test_oauthbearer_names_host_and_port() -> None:
    talk = exchange("OAUTHBEARER", "a,b=c", "token", host="mail.example.org", port=993)
    assert talk.initial() == (
        b"n,a=a=2Cb=3Dc,\x01host=mail.example.org\x01port=993\x01auth=Bearer token\x01\x01"
    )
    assert talk.respond(b'{"status":"invalid_token"}') == b"\x01"


def test_external_names_who_to_be() -> None:
    assert exchange("EXTERNAL", "", "").initial() == b""


SALT = b"saltsaltsalt"


def done(talk: Exchange) -> bool:
    return talk.complete


class ScramServer:
    """The server's side of SCRAM (RFC 5802, 3), written down plainly."""

    def __init__(self, name: str, password: str) -> None:
        self.hash = name
        self.password = password.encode()

    def first(self, client_first: bytes) -> bytes:
        self.bare = client_first.split(b",", 2)[2]
        nonce = self.bare.split(b"r=")[1] + b"server"
        self.said = b"r=" + nonce + b",s=" + base64.b64encode(SALT) + b",i=4096"
        return self.said

    def final(self, client_final: bytes) -> bytes:
        without_proof = client_final.rsplit(b",p=", 1)[0]
        salted = hashlib.pbkdf2_hmac(self.hash, self.password, SALT, 4096)
        key = hmac.new(salted, b"Server Key", self.hash).digest()
        message = self.bare + b"," + self.said + b"," + without_proof
        return b"v=" + base64.b64encode(hmac.new(key, message, self.hash).digest())


@pytest.mark.parametrize(
    ("name", "algorithm"), [("SCRAM-SHA-256", "sha256"), ("SCRAM-SHA-1", "sha1")]
)
def test_scram_is_complete_when_the_server_has_proved_itself(name: str, algorithm: str) -> None:
    server = ScramServer(algorithm, "pencil")
    talk = exchange(name, "user", "pencil")
    first = talk.initial()
    assert first is not None
    assert first.startswith(b"n,,n=user,r=")
    final = talk.respond(server.first(first))
    assert not done(talk)
    assert talk.respond(server.final(final)) == b""
    assert done(talk)
    with pytest.raises(BadServer):
        talk.respond(b"more")


def test_scram_refuses_a_server_that_does_not_know_the_password() -> None:
    server = ScramServer("sha256", "another")
    talk = exchange("SCRAM-SHA-256", "user", "pencil")
    first = talk.initial()
    assert first is not None
    final = talk.respond(server.first(first))
    with pytest.raises(BadServer, match="did not prove"):
        talk.respond(server.final(final))
    assert not done(talk)


def test_scram_hears_that_the_password_is_wrong() -> None:
    server = ScramServer("sha256", "pencil")
    talk = exchange("SCRAM-SHA-256", "user", "wrong")
    first = talk.initial()
    assert first is not None
    talk.respond(server.first(first))
    with pytest.raises(AuthFailed):
        talk.respond(b"e=invalid-proof")


@pytest.mark.parametrize("challenge", [b"", b"nonsense", b"\xff\xfe", b"r=x,s=y,i=z", b"r=,s=,i=0"])
def test_scram_survives_nonsense(challenge: bytes) -> None:
    talk = exchange("SCRAM-SHA-256", "user", "pencil")
    talk.initial()
    with pytest.raises(BadServer):
        talk.respond(challenge)


@pytest.mark.parametrize("count", ["2000001", "9" * 30])
def test_scram_does_not_work_without_end(count: str) -> None:
    talk = exchange("SCRAM-SHA-256", "user", "pencil")
    first = talk.initial() or b""
    asked = first.split(b",", 2)[2] + b"x,s=c2FsdHNhbHRzYWx0,i=" + count.encode()
    with pytest.raises(BadServer, match="too much work"):
        talk.respond(asked)


@pytest.mark.parametrize("mechanism", sorted(MECHANISMS))
def test_nothing_shows_the_secret(mechanism: str) -> None:
    talk = exchange(mechanism, "ada", "tops3cret", binding=b"hash")
    assert "tops3cret" not in repr(talk)
    said = ""
    for challenge in (b"", b"\xff", b"x", b"y"):
        try:
            talk.respond(challenge)
        except (AuthFailed, BadServer) as error:
            said += f"{error!r} {error.summary} {error.detail}"
    assert "tops3cret" not in said


def test_choice() -> None:
    everything = ["gssapi", "login", "plain", "cram-md5", "SCRAM-SHA-256", "XOAUTH2"]
    assert choose(everything, "", secure=True) == "PLAIN"
    assert choose(everything, "", secure=False) == "SCRAM-SHA-256"
    assert choose(["LOGIN", "CRAM-MD5"], "", secure=False) == "CRAM-MD5"
    assert choose(["GSSAPI", "XOAUTH2"], "", secure=True) == ""
    assert choose(everything, "xoauth2", secure=True) == "XOAUTH2"


def test_a_wanted_mechanism_that_is_not_there() -> None:
    with pytest.raises(AuthFailed, match="does not offer to sign in by LOGIN") as caught:
        choose(["PLAIN"], "LOGIN", secure=True)
    assert "PLAIN" in caught.value.detail
    with pytest.raises(AuthFailed, match="not known"):
        choose(["NTLM"], "NTLM", secure=True)
    with pytest.raises(AuthFailed, match="not known"):
        exchange("NTLM", "a", "b")
