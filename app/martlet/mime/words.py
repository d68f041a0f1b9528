"""Text in header fields: folding, encoded words (RFC 2047), raw 8-bit, and all broken forms."""

from __future__ import annotations

import binascii
import re

from martlet.mime.charset import codecs_for, decode

# The encoded text may hold spaces or question marks where a sender did not know better.
WORD = re.compile(
    r"=\?([A-Za-z0-9_.:+()/*-]{1,60})\?([bBqQ])\?((?:(?!=\?[A-Za-z]).){0,2000}?)\?=(?!\?)",
    re.DOTALL,
)
_FOLD = re.compile(r"[ \t]*\r?[\n\r][ \t]*")
_SPACE = re.compile(r"\s+")
_QP = re.compile(rb"=([0-9A-Fa-f]{2})")
# C0, DEL, C1, and the characters that turn or hide text: a name must not show another's address.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def decode_text(raw: bytes) -> str:
    """Unstructured header text (Subject and the like), decoded, on one line."""
    if raw.isascii() and b"=?" not in raw and b"\x1b" not in raw and b"~{" not in raw:
        return clean(raw.decode("ascii"))
    return clean(decode_words(raw_text(raw)))


def raw_text(raw: bytes) -> str:
    """A field's bytes as text before encoded words are decoded: ASCII, or raw 8-bit by guess."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii")
    return decode(raw)


def clean(text: str) -> str:
    """Unfolded, without control and direction characters, trimmed."""
    if "\n" in text or "\r" in text:
        text = _FOLD.sub(" ", text)
    if "\t" in text:
        text = text.replace("\t", " ")
    if not text.isprintable():
        text = _UNSAFE.sub("", text).replace("\u2028", " ").replace("\u2029", " ")
    return text.strip()


def decode_words(text: str) -> str:
    """Decodes the encoded words in text; those next to each other may share a cut character."""
    if "=?" not in text:
        return text
    out: list[str] = []
    position = 0
    charset = ""
    pending: list[bytes] = []

    def flush() -> None:
        nonlocal charset
        if pending:
            out.append(decode(b"".join(pending), charset))
            pending.clear()
        charset = ""

    for match in WORD.finditer(text):
        between = text[position : match.start()]
        label = match[1].partition("*")[0].lower()
        # White space between two encoded words is not text (RFC 2047, 6.2)
        if between and (not between.isspace() or not (pending or position)):
            flush()
            out.append(between)
        if label != charset:
            flush()
            charset = label
        pending.append(word_bytes(match[2], match[3], label))
        position = match.end()
    flush()
    out.append(text[position:])
    return "".join(out)


def word_bytes(encoding: str, encoded: str, charset: str) -> bytes:
    """The bytes of an encoded word's text (RFC 2047, 4), however damaged."""
    if encoding in "bB":
        return base64_bytes(encoded.encode("utf-8", "replace"))
    raw = _as_sent(encoded.replace("_", " "), charset)
    return _QP.sub(lambda m: bytes((int(m[1], 16),)), raw)


def _as_sent(text: str, charset: str) -> bytes:
    """Raw 8-bit characters inside an encoded word are most likely in its own charset."""
    for name in (codecs_for(charset) or ()) if not text.isascii() else ():
        try:
            return text.encode(name)
        except (UnicodeError, ValueError):
            continue
    return text.encode("utf-8", "replace")


def base64_bytes(raw: bytes | memoryview) -> bytes:
    """Base64 of any quality (RFC 2045, 6.8): foreign characters skipped, missing padding added."""
    try:
        found = binascii.a2b_base64(raw)
    except binascii.Error:
        found = b""
    else:
        # Decoding stops at the first padding; encoders that pad every chunk mean more to follow.
        if len(found) * 4 >= len(raw) * 2 or b"=" not in bytes(raw):
            return found
    kept = re.sub(rb"[^A-Za-z0-9+/=]", b"", bytes(raw))
    out: list[bytes] = []
    for chunk in re.split(rb"=+", kept):
        usable = chunk[: len(chunk) - 1] if len(chunk) % 4 == 1 else chunk
        out.append(binascii.a2b_base64(usable + b"=" * (-len(usable) % 4)))
    return b"".join(out)
