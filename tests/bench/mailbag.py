"""Synthetic mail for the benches: the same 10,000 messages (72 MB) every time."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator

WORDS = tuple(
    word
    for line in (
        "satellite music review garden zephyr invoice copper kernel harbour museum umbrella",
        "sketch river signal budget contract delivery yellow latency quarter winter travel",
        "walnut paper ticket theatre meeting storage engine pilot orchard bridge velvet",
        "lantern schedule draft",
    )
    for word in line.split()
)
CHINESE = ("季度预算", "旅行计划", "会议记录", "发票", "合同草案", "周末安排")
NAMES = ("Mira Rossi", "Elif Moreau", "Kofi Weber", "Lena Tanaka", "Dana Novak", "王小明")


def messages(count: int, seed: int = 7) -> Iterator[bytes]:
    """65 % plain text, 28 % multipart/alternative, 7 % with an attachment of some 70 kB."""
    dice = random.Random(seed)
    for number in range(1, count + 1):
        yield _message(dice, number)


def _message(dice: random.Random, number: int) -> bytes:
    name = dice.choice(NAMES)
    who = name if name.isascii() else f"=?utf-8?b?{base64.b64encode(name.encode()).decode()}?="
    subject = " ".join(dice.choices(WORDS, k=dice.randint(2, 6)))
    if dice.random() < 0.1:
        subject = f"=?utf-8?b?{base64.b64encode(dice.choice(CHINESE).encode()).decode()}?="
    text = "\r\n\r\n".join(
        "\r\n".join(" ".join(dice.choices(WORDS, k=9)) for _ in range(dice.randint(3, 8)))
        for _ in range(dice.randint(4, 8))
    )
    day, rest = divmod(number * 60, 86400)
    date = (
        f"{1 + day % 28:02} Jan {2020 + day // 28} {rest // 3600:02}:{rest // 60 % 60:02}:00 +0000"
    )
    head = (
        f"Return-Path: <{number}@example.org>\r\nReceived: from mx.example.org by mail; "
        f"{date}\r\nFrom: {who} <person{number % 97}@example.org>\r\nTo: Ada <ada@example.org>\r\n"
        f"Subject: {subject}\r\nDate: {date}\r\nMessage-ID: <{number}.bench@example.org>\r\n"
        "MIME-Version: 1.0\r\n"
    )
    kind = dice.random()
    if kind < 0.65:
        return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
    html = (
        "<html><body>" + "".join(f"<p>{p}</p>" for p in text.split("\r\n\r\n")) + "</body></html>"
    )
    edge = f"edge-{number}"
    parts = (
        f"--{edge}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        f"--{edge}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
    )
    outer = "alternative"
    if kind >= 0.93:
        outer = "mixed"
        data = base64.encodebytes(dice.randbytes(40_000)).replace(b"\n", b"\r\n").decode()
        parts += (
            f"--{edge}\r\nContent-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: "
            f"attachment; filename=plan-{number}.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            f"{data}"
        )
    return (
        f"{head}Content-Type: multipart/{outer}; boundary={edge}\r\n\r\n{parts}--{edge}--\r\n"
    ).encode()
