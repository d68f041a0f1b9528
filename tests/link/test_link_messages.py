"""Every wire message survives the wire."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from martlet.link import frames, messages
from martlet.link.frames import Answer
from martlet.mail.account import Account, AccountId, Protocol, Security, Server
from martlet.mail.changes import Change, MessagesChanged
from martlet.mail.errors import BY_KIND, MailError, TlsRefused
from martlet.mail.folder import FolderId
from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.rendered import Rendered

ACCOUNT = Account(
    AccountId(0),
    "work",
    "a@example.org",
    incoming=Server(Protocol.IMAP, "h", 993, Security.TLS, "u"),
)


@pytest.mark.parametrize("verb", messages.REQUESTS, ids=lambda verb: verb.__name__)
def test_every_answer_has_a_type_that_can_be_decoded(
    verb: type[messages.Request[object]],
) -> None:
    msgspec.msgpack.Decoder(frames.answer_type(verb))
    msgspec.msgpack.Decoder(verb)


def test_requests_come_back_equal() -> None:
    draft = Draft(DraftId(0), AccountId(1), to=(Address("Ä", "a@b"),), source=MessageId(4))
    for request in (
        messages.AccountAdd(ACCOUNT, "secret"),
        messages.SetFlags([MessageId(1)], add=["\\Seen"]),
        messages.Send(draft, 5.0),
        messages.AttachBytes("n", "t/x", b"\x00\xff"),
        messages.Undo(),
    ):
        assert frames.decode_request(frames.encode_request(7, request)) == (7, request)


def test_every_change_is_known_on_the_other_side() -> None:
    assert set(frames.CHANGES.values()) == set(get_args(Change))


def test_a_request_keeps_its_secrets_out_of_its_repr() -> None:
    assert "secret" not in repr(messages.AccountAdd(ACCOUNT, "secret"))
    assert repr(messages.SetPassword(AccountId(1), "secret")) == "<SetPassword>"


def test_answers_come_back_equal() -> None:
    rendered = Rendered(MessageId(1), Envelope(subject="你好"), html="<p>", headers=(("A", "b"),))
    incoming = frames.decode_incoming(frames.encode_answer(3, rendered))
    assert isinstance(incoming, Answer)
    assert frames.decode_answer(messages.Render(MessageId(1)), incoming) == rendered


@pytest.mark.parametrize("kind", BY_KIND.values(), ids=lambda kind: kind.__name__)
def test_errors_come_back_as_what_they_were(kind: type[MailError]) -> None:
    incoming = frames.decode_incoming(frames.encode_error(3, kind("Said.", "more", "work")))
    assert isinstance(incoming, Answer)
    with pytest.raises(kind, match="Said") as caught:
        frames.decode_answer(messages.Undo(), incoming)
    assert (caught.value.detail, caught.value.account) == ("more", "work")


def test_a_refused_certificate_comes_back_whole() -> None:
    error = TlsRefused("No.", host="h", fingerprint="ab", certificate="names")
    incoming = frames.decode_incoming(frames.encode_error(1, error))
    assert isinstance(incoming, Answer)
    with pytest.raises(TlsRefused) as caught:
        frames.decode_answer(messages.Undo(), incoming)
    assert (caught.value.host, caught.value.fingerprint) == ("h", "ab")
    assert caught.value.certificate == "names"


def test_changes_come_back_equal() -> None:
    change = MessagesChanged(FolderId(2), added=(MessageId(1), MessageId(2)))
    assert frames.decode_incoming(frames.encode_change(change)) == change


def test_what_a_later_version_sends_is_told_apart() -> None:
    pack = msgspec.msgpack.encode
    assert frames.decode_incoming(pack([0, "NewsOfTomorrow", {"x": 1}])) is None
    number, answer = frames.decode_request(pack([5, "DoTomorrow", {}]))
    assert number == 5
    assert isinstance(answer, MailError)
    number, answer = frames.decode_request(pack([6, "Move", {"type": "Move", "message_ids": 1}]))
    assert number == 6
    assert isinstance(answer, MailError)
    with pytest.raises(msgspec.DecodeError):
        frames.decode_request(b"\xc1 not a frame")
