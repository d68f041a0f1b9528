"""Messages as nobody sends them, made from real ones by changing bytes, and all that reads them.

What is made depends on the seed alone, so that a failure can be had again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from bench.mailbag import messages
from martlet.mail.message import MessageId
from martlet.mime.body import body_of
from martlet.mime.cards import cards
from martlet.mime.content import attachments_of, summarise
from martlet.mime.headers import envelope
from martlet.mime.layout import layout
from martlet.mime.parse import parse
from martlet.mime.render import render
from martlet.mime.tree import tree

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "mail"
LONGEST_SEED = 40_000
CHARSETS = ("", "gb18030", "big5", "iso-2022-jp", "euc-kr", "utf-7", "utf-16", "koi8-r", "none")
# Pieces that mean something to a parser of mail.
TELLING = (
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\x00", b"\xff", b"\x1b$B", b"~{", b"=?utf-8?B?", b"?=",
    b"=?gb2312?Q?=C4?=", b'"', b"\\", b"<", b">", b"(", b")", b"@", b",", b";", b":", b"--", b"=",
    b"=\r\n", b" ", b"\t", b"Content-Type: multipart/mixed; boundary=b\r\n", b"--b\r\n", b"--b--",
    b"Content-Type: message/rfc822\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n", b"Content-Type: text/html; charset=gbk\r\n",
    b"; filename*0*=utf-8''%e4%bc", b"; filename*1=x", b"; charset=utf-7", b"; charset=zlib",
    b"; format=flowed", b"Content-Type: text/calendar\r\n\r\n", b"Content-Type: text/vcard\r\n\r\n",
    b"Content-Type: message/delivery-status\r\n\r\n", b"Content-Type: text/enriched\r\n\r\n",
    b"begin 644 x\r\n", b"=ybegin line=128 size=3 name=x\r\n", b"\x78\x9f\x3e\x22",
    b"BEGIN:VCALENDAR", b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n", b"Subject: ", b"From: ",
    b"cid:", b"<meta charset=",
)  # fmt: skip


def seeds() -> list[bytes]:
    """Messages to begin with: of the benches, of several languages, of the corpus if any."""
    found = [raw for raw in messages(60) if len(raw) < LONGEST_SEED]
    for charset, text in (
        ("gb2312", "关于下周会议的通知"), ("big5", "會議通知書"), ("iso-2022-jp", "会議のお知らせ"),
        ("euc-kr", "회의 안내"), ("koi8-r", "Привет"), ("utf-8", "Größe 👍 会议"),
    ):  # fmt: skip
        made = EmailMessage()
        made["Subject"] = text
        made["From"] = f'"{text}" <a@example.org>'
        made["To"] = "Group: b@example.org, C <c@example.org>;"
        made.set_content(f"{text}\n> {text}\n-- \n{text}\n", charset=charset)
        made.add_alternative(f"<p>{text}<img src='cid:x@y'>", subtype="html", charset=charset)
        made.add_attachment(b"\x89PNG" * 20, "image", "png", filename=f"{text}.png")
        inner = EmailMessage()
        inner["Subject"] = text
        inner.set_content(text)
        made.add_attachment(inner)
        found.append(made.as_bytes())
    for path in sorted(CORPUS.glob("*/*")) if CORPUS.exists() else ():
        raw = path.read_bytes()
        if len(raw) < LONGEST_SEED:
            found.append(raw)
    return found


def mangled(count: int, seed: int) -> Iterator[bytes]:
    """So many messages, each some changes away from one or two that might be real."""
    dice = random.Random(seed)
    basis = seeds()
    for _ in range(count):
        raw = bytearray(dice.choice(basis))
        for _ in range(dice.choice((1, 1, 2, 3, 5, 9))):
            _change(raw, dice, basis)
        yield bytes(raw)


def _change(raw: bytearray, dice: random.Random, basis: list[bytes]) -> None:
    # Heads are where most of the reading is
    size = len(raw)
    within = size if dice.random() < 0.5 else min(size, 800)
    at = dice.randrange(within + 1)
    end = min(size, at + dice.choice((1, 2, 5, 20, 200)))
    kind = dice.randrange(9)
    if kind == 0:
        raw[at:at] = dice.choice(TELLING)
    elif kind == 1:
        raw[at:end] = dice.choice(TELLING)
    elif kind == 2:
        del raw[at:end]
    elif kind == 3:
        raw[at:at] = raw[at:end] * dice.choice((1, 2, 30))
    elif kind == 4:
        raw[at:end] = dice.randbytes(end - at)
    elif kind == 5 and size:
        raw[min(at, size - 1)] = dice.randrange(256)
    elif kind == 6:
        other = dice.choice(basis)
        start = dice.randrange(len(other) + 1)
        raw[at:at] = other[start : start + dice.choice((30, 300, 3000))]
    elif kind == 7:
        del raw[at:]
    else:
        raw[at:at] = dice.choice(TELLING) * dice.choice((2, 50, 500))


def read_whole(raw: bytes, charset: str = "", *, rendered: bool = False) -> None:
    """Does to a message all that is ever done to one, and looks at what must hold of any."""
    head, content = summarise(raw)
    message = parse(raw, charset)
    found = layout(message)
    files = attachments_of(found)
    read = body_of(message, found)
    cards(message, found)
    labels = [head.subject, content.preview, *(name for _, name in message.headers.decoded())]
    for people in (head.to, head.cc, head.reply_to, (head.sender,)):
        labels += [text for person in people for text in (person.name, person.address)]
    labels += [file.filename for file in files]
    for part in message.walk():
        assert part.size >= 0
        assert 0 <= part.body_start <= part.body_end <= len(message.raw)
        part.data()
        if part.embedded is not None:
            inner = part.embedded
            body_of(inner, layout(inner))
            assert inner.root.path.startswith(part.path)
        labels += [part.filename, part.content_id, part.content_type, part.disposition]
        if part.path:
            assert message.part(part.path) is part
    for file in files:
        assert message.part(file.part) is not None
        assert file.filename
        assert "/" not in file.filename
    for label in labels:
        assert "\n" not in label
        assert "\r" not in label
        assert "\x00" not in label
        label.encode("utf-8")
    for text in (read.text, read.html or "", content.index_text, message.charset, read.charset):
        text.encode("utf-8")
    envelope(message.headers)
    tree(message)
    if rendered:
        render(MessageId(1), raw)
