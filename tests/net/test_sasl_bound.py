"""SCRAM bound to the server's certificate, against scramp's own server side."""

from __future__ import annotations

import base64
import datetime
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID
from scramp import ScramException, ScramMechanism

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed
from martlet.mail.route import Route
from martlet.net.imap import ImapSession
from martlet.net.sasl import choose, exchange
from martlet.net.tls import end_point
from support.certificates import Certificates, issue
from support.scripted import Conversation, Scripted, Step, expect, send

DATA = b"the hash of a certificate"
KIND = "tls-server-end-point"


def certificate(algorithm: hashes.SHA256 | hashes.SHA384 | None) -> bytes:
    key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
    if algorithm is None:
        key = ed25519.Ed25519PrivateKey.generate()
    else:
        key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime(2026, 1, 1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, algorithm)
    )
    return made.public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"])
def test_both_sides_agree_on_the_certificate(mechanism: str) -> None:
    server = ScramMechanism(mechanism)
    known = server.make_auth_info("pencil")
    there = server.make_server(lambda name: known, channel_binding=(KIND, DATA))
    here = exchange(mechanism, "user", "pencil", binding=DATA)
    first = here.initial()
    assert first is not None
    assert first.startswith(b"p=tls-server-end-point,,n=user,r=")
    there.set_client_first(first.decode())
    there.set_client_final(here.respond(there.get_server_first().encode()).decode())
    assert here.respond(there.get_server_final().encode()) == b""
    assert here.complete


def test_another_certificate_does_not_do() -> None:
    kind = ScramMechanism("SCRAM-SHA-256-PLUS")
    known = kind.make_auth_info("pencil")
    there = kind.make_server(lambda name: known, channel_binding=(KIND, b"another"))
    here = exchange("SCRAM-SHA-256-PLUS", "user", "pencil", binding=DATA)
    there.set_client_first((here.initial() or b"").decode())
    final = here.respond(there.get_server_first().encode()).decode()
    with pytest.raises(ScramException, match="channel"):
        there.set_client_final(final)


def test_a_server_whose_plus_was_hidden_finds_out() -> None:
    kind = ScramMechanism("SCRAM-SHA-256")
    known = kind.make_auth_info("pencil")
    there = kind.make_server(lambda name: known, channel_binding=(KIND, DATA))
    first = exchange("SCRAM-SHA-256", "user", "pencil", binding=b"").initial() or b""
    assert first.startswith(b"y,,")
    with pytest.raises(ScramException, match="channel"):
        there.set_client_first(first.decode())
    assert (exchange("SCRAM-SHA-256", "user", "pencil").initial() or b"").startswith(b"n,,")


def test_bound_is_chosen_where_it_can_be() -> None:
    offered = ["PLAIN", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"]
    assert choose(offered, "", secure=True, binding=True) == "SCRAM-SHA-256-PLUS"
    assert choose(offered, "", secure=True) == "PLAIN"
    assert choose(offered, "SCRAM-SHA-256", secure=True, binding=True) == "SCRAM-SHA-256-PLUS"
    assert choose(offered, "SCRAM-SHA-256", secure=True) == "SCRAM-SHA-256"
    assert choose(offered, "PLAIN", secure=True, binding=True) == "PLAIN"
    assert choose(["SCRAM-SHA-256-PLUS"], "", secure=False) == ""
    with pytest.raises(AuthFailed, match="encrypted"):
        choose(offered, "SCRAM-SHA-256-PLUS", secure=False)
    with pytest.raises(AuthFailed):
        exchange("SCRAM-SHA-1-PLUS", "user", "pencil")


def test_what_is_bound_to_is_the_certificates_hash_by_its_own_algorithm() -> None:
    for algorithm, name in ((hashes.SHA256(), "sha256"), (hashes.SHA384(), "sha384")):
        der = certificate(algorithm)
        assert end_point(der) == hashlib.new(name, der).digest()
    assert end_point(certificate(None)) is None  # Ed25519 has no hash of its own
    assert end_point(b"nonsense") is None
    assert end_point(b"") is None


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"))


def scram(der: bytes) -> Step:
    """A server's side of SCRAM-SHA-256-PLUS in IMAP."""

    def step(talk: Conversation) -> None:
        def said() -> str:
            return base64.b64decode(talk.last.strip().rpartition(b" ")[2]).decode()

        def ask(text: str) -> None:
            talk.socket.sendall(b"+ " + base64.b64encode(text.encode()) + b"\r\n")

        kind = ScramMechanism("SCRAM-SHA-256-PLUS")
        known = kind.make_auth_info("secret")
        there = kind.make_server(lambda name: known, channel_binding=(KIND, end_point(der)))
        expect("AUTHENTICATE SCRAM-SHA-256-PLUS ")(talk)
        tag = talk.last.split(b" ")[0]
        there.set_client_first(said())
        ask(there.get_server_first())
        expect()(talk)
        there.set_client_final(said())
        ask(there.get_server_final())
        expect()(talk)
        talk.socket.sendall(tag + b" OK [CAPABILITY IMAP4rev1] in\r\n")

    return step


def test_over_tls_the_password_is_bound_to_the_certificate(certificates: Certificates) -> None:
    pem = x509.load_pem_x509_certificates(certificates.chain_file.read_bytes())[0]
    der = pem.public_bytes(serialization.Encoding.DER)
    offered = "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=SCRAM-SHA-256 AUTH=SCRAM-SHA-256-PLUS"
    script = [send(f"* OK [CAPABILITY {offered}] hi\r\n"), scram(der)]
    with Scripted(script, certificates=certificates, tls=True) as server:
        account = server.account(Protocol.IMAP, Security.TLS, host="localhost")
        session = ImapSession.open(
            account, "secret", route=Route(ca_file=str(certificates.ca_file))
        )
        assert session.capabilities == {"IMAP4REV1"}
        session.close()
