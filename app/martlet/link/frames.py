"""Frames between a window or command and the engine process, and what they hold.

    to the engine:   [number, verb, body]         number > 0, body the request
    from the engine: [number, "ok", body]         body what the verb answers
                     [number, "error", body]      body an ErrorInfo
                     [0, name of a change, body]  body the change

A frame is one MessagePack value. The shape of a frame and of Hello never change, so that any two
versions can say why they do not understand each other.
"""

from __future__ import annotations

from typing import Any, TypeVar, get_args, get_origin

import msgspec

from martlet.link.messages import REQUESTS, Request
from martlet.mail import changes
from martlet.mail.errors import BY_KIND, ErrorKind, MailError, Refused, TlsRefused

R = TypeVar("R")

CHANGES: dict[str, type[Any]] = {
    cls.__name__: cls
    for cls in (
        changes.AccountsChanged,
        changes.FoldersChanged,
        changes.MessagesChanged,
        changes.BodyArrived,
        changes.OutboxChanged,
        changes.DraftsChanged,
        changes.TemplatesChanged,
        changes.Merging,
        changes.StateChanged,
        changes.Progress,
        changes.Tested,
        changes.TakingIn,
        changes.DeliveryChanged,
        changes.Notice,
    )
}


class ErrorInfo(msgspec.Struct, frozen=True):
    """A MailError on the wire."""

    kind: ErrorKind
    summary: str
    detail: str = ""
    account: str = ""
    host: str = ""
    fingerprint: str = ""
    certificate: str = ""

    @classmethod
    def of(cls, error: MailError) -> ErrorInfo:
        if isinstance(error, TlsRefused):
            return cls(
                error.kind, error.summary, error.detail, error.account,
                error.host, error.fingerprint, error.certificate,
            )  # fmt: skip
        return cls(error.kind, error.summary, error.detail, error.account)

    def error(self) -> MailError:
        if self.kind is ErrorKind.TLS:
            return TlsRefused(
                self.summary,
                self.detail,
                self.account,
                host=self.host,
                fingerprint=self.fingerprint,
                certificate=self.certificate,
            )
        return BY_KIND[self.kind](self.summary, self.detail, self.account)


class _Frame(msgspec.Struct, array_like=True, frozen=True):
    number: int
    name: str
    body: msgspec.Raw


class Answer(msgspec.Struct, frozen=True):
    """An answer not yet decoded: only who asked knows its type."""

    number: int
    ok: bool
    body: msgspec.Raw


_encoder = msgspec.msgpack.Encoder()
_frames = msgspec.msgpack.Decoder(_Frame)
_errors = msgspec.msgpack.Decoder(ErrorInfo)
_BY_VERB: dict[str, type[Request[Any]]] = {cls.__name__: cls for cls in REQUESTS}


_decoders: dict[Any, msgspec.msgpack.Decoder[Any]] = {}


def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return _decoders.get(kind) or _decoders.setdefault(kind, msgspec.msgpack.Decoder(kind))


def answer_type(verb: type[Request[Any]]) -> Any:
    """The R of a verb's Request[R]."""
    (base,) = (b for b in verb.__dict__["__orig_bases__"] if get_origin(b) is Request)
    (answer,) = get_args(base)
    return answer


def _frame(number: int, name: str, body: object) -> bytes:
    try:
        packed = _encoder.encode(body)
    except UnicodeEncodeError:
        # Half a character, as a clipboard may hold one: the rest of a letter is not lost over it.
        packed = _encoder.encode(_whole(msgspec.to_builtins(body, builtin_types=(bytes,))))
    return _encoder.encode((number, name, msgspec.Raw(packed)))


def _whole(value: Any) -> Any:
    """The same with every lone surrogate replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list | tuple) else value


def encode_request(number: int, request: Request[Any]) -> bytes:
    return _frame(number, type(request).__name__, request)


def decode_request(frame: bytes) -> tuple[int, Request[Any] | MailError]:
    """The number and the request, or why that one cannot be answered.

    Raises msgspec.DecodeError: not a frame at all, so nobody can be answered.
    """
    raw = _frames.decode(frame)
    verb = _BY_VERB.get(raw.name)
    if verb is None:
        return raw.number, Refused("The mail engine does not know this request.", raw.name[:80])
    try:
        request: Request[Any] = _decoder(verb).decode(raw.body)
    except msgspec.DecodeError as error:
        return raw.number, Refused("The mail engine cannot read this request.", str(error))
    return raw.number, request


def encode_answer(number: int, answer: object) -> bytes:
    return _frame(number, "ok", answer)


def encode_error(number: int, error: MailError) -> bytes:
    return _frame(number, "error", ErrorInfo.of(error))


def encode_change(change: changes.Change) -> bytes:
    return _frame(0, type(change).__name__, change)


def decode_incoming(frame: bytes) -> Answer | changes.Change | None:
    """What the engine sent; None for a change this version does not know.

    Raises msgspec.DecodeError: not a frame.
    """
    raw = _frames.decode(frame)
    if raw.number:
        return Answer(raw.number, raw.name == "ok", raw.body)
    kind = CHANGES.get(raw.name)
    if kind is None:
        return None
    change: changes.Change = _decoder(kind).decode(raw.body)
    return change


def decode_answer(request: Request[R], answer: Answer) -> R:
    """Raises the MailError the engine answered, or msgspec.DecodeError."""
    if not answer.ok:
        raise _errors.decode(answer.body).error()
    value: R = _decoder(answer_type(type(request))).decode(answer.body)
    return value
