"""A message cut into pieces (message/partial, RFC 2046, 5.2.2)."""

from __future__ import annotations

from collections.abc import Sequence

INNER = (
    b"Subject: The whole plan\r\nMessage-ID: <whole@example.org>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=frontier\r\n\r\n"
    b"--frontier\r\nContent-Type: text/plain\r\n\r\nAll of it, at last.\r\n"
    b"--frontier\r\nContent-Type: application/octet-stream; name=plan.bin\r\n"
    b"Content-Disposition: attachment; filename=plan.bin\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    + b"data " * 100
    + b"\r\n--frontier--\r\n"
)


def pieces(
    count: int = 3,
    sender: str = "ada@example.org",
    name: str = "id-1@example.org",
    inner: bytes = INNER,
    totals: Sequence[int] | None = None,
) -> list[bytes]:
    """The message in that many, the total said in each (or as told; 0 for not at all)."""
    step = len(inner) // count + 1
    made = []
    for number in range(1, count + 1):
        total = totals[number - 1] if totals is not None else count
        says = f"; total={total}" if total else ""
        made.append(
            f"From: Ada <{sender}>\r\nTo: work@example.org\r\nSubject: Plan ({number})\r\n"
            f"Message-ID: <{number}.{name}>\r\nMIME-Version: 1.0\r\n"
            f'Content-Type: message/partial; id="{name}"; number={number}{says}\r\n\r\n'.encode()
            + inner[(number - 1) * step : number * step]
        )
    return made
