"""A letter that was built, read back by Python's email and by MIME::Tools: both must find in it
what was written, and nothing wrong.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterable, Mapping
from email.message import EmailMessage

from martlet.mail.message import Address
from martlet.mail.outgoing import Draft
from support.second_reader import Node, Read, SecondReader
from support.wire import faults

_NO_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def agree(reader: SecondReader, draft: Draft, raw: bytes, files: Mapping[str, bytes]) -> None:
    """Fails where one of them reads something else. files: by the blob of a part."""
    assert faults(raw) == []
    first, second = by_python(raw), reader.read(raw)
    assert second.said == ()
    subject = label(draft.subject)
    assert str(first["subject"] or "") == subject
    assert second.subject == subject
    for name, people, there in (("to", draft.to, second.to), ("cc", draft.cc, second.cc)):
        _same_people(first, name, people, there)
    assert "bcc" not in [name.lower() for name in second.fields]
    parts = _structure(first, second)
    sent = [node for node in parts if node.body is not None]
    _same_files(draft, first, sent, files)
    plain = next(node for node in sent if node.type == "text/plain")
    if draft.html is None:
        flowed = b"format=flowed" in raw
        text = _decoded(plain)
        assert (joined(text) if flowed else text.rstrip("\n")) == body_text(draft.text)
    else:
        rich = next(node for node in sent if node.type == "text/html")
        assert body_html(draft.html) in _decoded(rich)
        assert body_html(draft.original) in _decoded(rich)


def by_python(raw: bytes) -> EmailMessage:
    """Read strictly: a defect anywhere fails."""
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    for part in found.walk():
        assert part.defects == []
        for name, value in part.items():
            # Outlook reads this and not RFC 2231, though a parameter may not be written so
            assert _but_for_names(name, value.defects) == [], (name, value)
    return found


def _but_for_names(field: str, defects: Iterable[Exception]) -> list[str]:
    if field != "Content-Type":
        return [str(each) for each in defects]
    return [str(each) for each in defects if "ncoded" not in str(each)]


def label(text: str) -> str:
    """A text as it stands in one line of a header."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _NO_LINE.sub(" ", whole).strip()


def joined(text: str) -> str:
    """Flowed text with its paragraphs in one line each, as RFC 3676, 4.4 says; quotes as `> `."""
    out: list[str] = []
    open_at = -1
    for line in text.rstrip("\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        rest = line[depth:].removeprefix(" ")
        if open_at == depth and rest != "-- ":
            out[-1] += rest
        else:
            out.append(f"{'>' * depth} {rest}" if depth and rest else ">" * depth + rest)
        open_at = depth if rest.endswith(" ") and rest != "-- " else -1
    return "\n".join(out)


def body_text(text: str) -> str:
    """A plain letter as it arrives: line ends of one kind, no spaces at them, quotes as `> `."""
    lines = _whole(text).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n")
    out: list[str] = []
    for line in lines:
        if line != "-- ":
            match = re.match(r"(?:> ?)+", line)
            rest = (line[match.end() :] if match else line).rstrip(" ")
            depth = match[0].count(">") if match else 0
            line = f"{'>' * depth} {rest}" if depth and rest else ">" * depth + rest
        out.append(line)
    return "\n".join(out).rstrip("\n")


def body_html(markup: str) -> str:
    return _whole(markup).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _whole(text: str) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _decoded(node: Node) -> str:
    assert node.body is not None
    return node.body.decode(node.charset).replace("\r\n", "\n")


def _same_people(
    first: EmailMessage,
    name: str,
    people: tuple[Address, ...],
    second: tuple[tuple[str, str], ...],
) -> None:
    if not people:
        return
    wanted = [(label(one.name), one.address) for one in people]
    # Python puts a space between the encoded words of a name (RFC 2047, 6.2, has none)
    found = [("".join(a.display_name.split()), a.addr_spec) for a in first[name].addresses]
    assert found == [("".join(said.split()), address) for said, address in wanted]
    assert [address for _name, address in second] == [address for _name, address in wanted]
    for (said, _address), (meant, _) in zip(second, wanted, strict=True):
        # It keeps the quotes and backslashes of a phrase
        assert re.sub(r'["\\ ]', "", said) == re.sub(r'["\\ ]', "", meant)


def _structure(first: EmailMessage, second: Read) -> list[Node]:
    nodes = list(second.tree.walk())
    types = [part.get_content_type() for part in first.walk()]
    if "message/rfc822" not in types:  # Python goes on inside of them
        assert types == [node.type for node in nodes]
    return nodes


def _same_files(
    draft: Draft, first: EmailMessage, sent: list[Node], files: Mapping[str, bytes]
) -> None:
    wanted = sorted((part.name, files[part.blob]) for part in draft.parts)
    found = sorted((node.name, node.body or b"") for node in sent if node.disposition)
    assert found == wanted
    other = [
        (part.get_filename() or "", part.get_payload(decode=True))
        for part in first.walk()
        if part.get_content_disposition() and not part.is_multipart()
    ]
    assert sorted(other, key=str) == sorted(
        ((p.name, files[p.blob]) for p in draft.parts if p.content_type != "message/rfc822"),
        key=str,
    )
    for part in draft.parts:
        if part.content_id and f"cid:{part.content_id}" in (draft.html or "") + draft.original:
            assert part.content_id in [node.id for node in sent if node.disposition == "inline"]
