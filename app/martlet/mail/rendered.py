"""A message made ready for a pane."""

from __future__ import annotations

from dataclasses import dataclass

from martlet.mail.cards import NO_CARDS, Cards
from martlet.mail.message import Attachment, Envelope, MessageId
from martlet.mail.reading import AS_SENT, NOTHING_REMOTE, Link, Paper, Remote, View
from martlet.mail.sender_facts import SenderFact


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message made ready for a pane.

    html: sanitised body markup (no <html>/<head>, styles kept in <style>), or None when the
        message has none. Pictures of the message itself are `martlet-part:/PART` URLs, those of
        the internet, when they are shown, `martlet-part:/remote/NUMBER` (see `Remote`).
    text: the readable text (always there once the body is).
    complete: False while the body is not stored here; then html and text are empty and a
        BodyArrived change follows when it came.
    blocked: how many remote things were kept out. raw_size: bytes.
    problems: what is wrong with how it is written. notes: what of it is not shown though nothing
        is wrong with it, as of a very long text. Sentences, English.
    headers: every header in order, decoded.
    not_here: bytes of it that are only on the server. head_only: all that is here is its header,
        as POP3 has shown it; the rest comes when it is asked for. Nobody has read it by then.
    view: as it was asked for. charset: what its text was read as, "" if nothing said and nothing
        had to be guessed.
    facts: of the sender, weightiest first. links: those with a risk.
    """

    message_id: MessageId
    envelope: Envelope
    html: str | None = None
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    blocked: int = 0
    problems: tuple[str, ...] = ()
    complete: bool = True
    raw_size: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    not_here: int = 0
    head_only: bool = False
    view: View = AS_SENT
    charset: str = ""
    paper: Paper = Paper.THEME
    remote: Remote = NOTHING_REMOTE
    cards: Cards = NO_CARDS
    facts: tuple[SenderFact, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
