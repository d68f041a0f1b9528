"""Answers to messages that other projects collected, and what is passed on of them, as they go out:
read back by Python's email, by MIME::Tools and by us, and checked byte by byte.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.mail.account import AccountId
from martlet.mail.message import Address, Attachment, MessageId
from martlet.mail.outgoing import Draft, OutgoingPart
from martlet.mail.writing import AnswerTo, Place
from martlet.mime.headers import envelope
from martlet.mime.parse import parse
from martlet.mime.part import Message
from martlet.mime.writing.compose import build, new_message_id
from martlet.mime.writing.forward import attached, inline
from martlet.mime.writing.reply import edit, reply
from martlet.mime.writing.resent import resent
from martlet.ui.compose.markup.read_html import read_html
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.markup.write_text import write_text
from support.second_reader import Node, SecondReader, second_reader
from support.wire import faults

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
ME = Address("Martha Müller", "me@example.org")
ACCOUNT, SOURCE = AccountId(1), MessageId(7)
HEAD = (
    b"From: Shop <shop@x.example>\r\nTo: me@example.org\r\nSubject: Order\r\n"
    b"Message-ID: <o@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\n"
)
# What Outlook (by Word) and Gmail drop, or what looks for the rest of a page that is not there.
DROPPED = (
    r"<style", r"<[a-z][^<>]*\s(?:class|id)=", r"position\s*:", r"display\s*:\s*(?:flex|grid)",
    r"!important", r"<(?:script|link|iframe|form|object|base|meta)\b", r"\son\w+=",
)  # fmt: skip


def collected() -> Iterator[tuple[str, bytes]]:
    for path in sorted((CORPUS / "mail").rglob("*")):
        if path.is_file():
            yield str(path.relative_to(CORPUS)), path.read_bytes()
    for path in sorted((CORPUS / "templates").rglob("*.html")):
        yield str(path.relative_to(CORPUS)), HEAD + path.read_bytes()


def letters(raw: bytes, files: dict[str, bytes]) -> Iterator[tuple[str, Draft]]:
    """All that can begin from a message, as it leaves the composer. files: gets what goes along."""
    message = parse(raw)
    me = (ME,)
    begun = {
        "answered": reply(
            message, me, ACCOUNT, SOURCE, to=AnswerTo.ALL, place=Place.BELOW, language="zh-TW"
        ),
        "passed on": inline(message, ACCOUNT, SOURCE, "ja"),
        "edited as new": edit(message, ACCOUNT, own=True),
    }
    for how, (draft, going) in begun.items():
        yield how, written(replace(draft, parts=kept(message, going, files)))
    files["whole"] = raw
    whole = OutgoingPart("Order.eml", "message/rfc822", len(raw), "whole")
    yield "attached", written(replace(attached(message, ACCOUNT, SOURCE), parts=(whole,)))


def kept(
    message: Message, going: tuple[Attachment, ...], files: dict[str, bytes]
) -> tuple[OutgoingPart, ...]:
    parts = []
    for each in going:
        found = message.part(each.part)
        assert found is not None
        files[each.part] = found.data()
        shown = each.content_id if each.inline else ""
        size = len(files[each.part])
        parts.append(OutgoingPart(each.filename, each.content_type, size, each.part, shown))
    return tuple(parts)


def written(draft: Draft) -> Draft:
    """What the editor makes of it; what it writes, it reads as the same."""
    if draft.html is None:
        return draft
    pictures = {part.content_id for part in draft.parts}
    lines = read_html(draft.html, pictures.__contains__)
    markup = write_html(lines)
    assert write_html(read_html(markup, pictures.__contains__)) == markup
    return replace(draft, html=markup, text=write_text(lines))


def own_nodes(tree: Node) -> Iterator[Node]:
    """The parts that are ours, not those of messages that go along."""
    yield tree
    if not tree.type.startswith("message/"):
        for part in tree.parts:
            yield from own_nodes(part)


def check(second: SecondReader, draft: Draft, raw: bytes) -> None:
    assert faults(raw) == []
    first = email.message_from_bytes(raw, policy=email.policy.default)
    ours = parse(raw)
    read = second.read(raw)
    assert read.said == ()
    assert not ours.problems
    assert "bcc" not in [name.lower() for name in read.fields]
    head = envelope(ours.headers)
    for subject in (first["subject"], read.subject, head.subject):
        assert " ".join(subject.split()) == " ".join(draft.subject.split())
    assert str(first["from"]) == "Martha Müller <me@example.org>"
    assert head.references == draft.references
    assert head.in_reply_to == draft.in_reply_to
    # What names no host can be no address, and is refused before anything is sent
    if draft.to and all(re.fullmatch(r"[^@]+@[\w.-]+", one.address) for one in draft.to):
        to = tuple(one.address for one in draft.to)
        assert tuple(address for _name, address in read.to) == to
        assert tuple(one.address for one in head.to) == to
        said = first["to"].addresses
        assert tuple(one.addr_spec for one in said) == to
    nodes = list(own_nodes(read.tree))
    ids = [node.id for node in nodes if node.id]
    assert len(ids) == len(set(ids))
    if draft.html is not None:
        check_rich(draft, read.tree)
    else:
        assert next(node for node in nodes if node.body is not None).type == "text/plain"


def check_rich(draft: Draft, tree: Node) -> None:
    """mixed(alternative(plain, related(html, pictures)), files), without what is not needed."""
    both = tree.parts[0] if tree.type == "multipart/mixed" else tree
    assert both.type == "multipart/alternative"
    plain, rich = both.parts
    assert plain.type == "text/plain"
    html = rich.parts[0] if rich.type == "multipart/related" else rich
    assert html.type == "text/html"
    assert html.body is not None
    assert plain.body is not None
    markup, text = html.body.decode(), plain.body.decode()
    body = markup.split("<body>", 1)[1]
    for pattern in DROPPED:
        found = re.search(pattern, body)
        # A box by which other programs know a signature
        assert found is None or "moz-signature" in found[0], (pattern, body[found.start() :][:99])
    pictures = {node.id for node in rich.parts[1:]}
    assert set(re.findall(r"(?<=\bsrc=\"cid:)[^\"]+", body)) <= pictures
    words = re.findall(r"\w{4,}", re.sub(r"<[^>]*>", " ", body.split("<blockquote")[0]))
    assert not words or any(word in text for word in words)


@pytest.fixture(scope="module")
def second() -> Iterator[SecondReader]:
    with second_reader() as reader:
        yield reader


@pytest.mark.parametrize(
    "raw", [pytest.param(raw, id=name) for name, raw in collected()] if CORPUS.exists() else []
)
def test_what_is_made_of_a_message_goes_out_right(raw: bytes, second: SecondReader) -> None:
    files: dict[str, bytes] = {}
    for _how, draft in letters(raw, files):
        mid = new_message_id(ME.address)
        built = build(draft, ME, mid, 1_700_000_000, lambda one: files[one.blob], False)
        check(second, draft, built)
    again = resent(raw, ME, (ME,), new_message_id(ME.address), 1_700_000_000)
    assert again.endswith(re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1])
    assert parse(again).headers.get("subject") == parse(raw).headers.get("subject")
