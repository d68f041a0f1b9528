"""Text in header fields: folding, encoded words (RFC 2047), raw 8-bit, and all broken forms."""

from __future__ import annotations

import binascii
import re

from martlet.mime.charset import codecs_for, decode, read_as
from martlet.mime.charset_chosen import read_labelled
from martlet.mime.hidden import CONTROLS, NEVER_SEEN, SEEN_SOMEWHERE, TURNING

# The encoded text may hold spaces or question marks where a sender did not know better. The second
# form has lost its end: it counts where nothing but another word, or nothing, follows.
_WORD = re.compile(
    r"=\?([A-Za-z0-9][A-Za-z0-9_.:+()/*-]{0,59})\?([bBqQ])\?"
    r"(?:((?:(?!=\?[A-Za-z0-9]).){0,60000}?)\?=(?!\?)"
    r"|([^?\s]++)\??(?=\s*+(?:\Z|=\?[A-Za-z0-9])))",
    re.DOTALL,
)
_LINE_END = re.compile(r"[\r\n]+")
_QP = re.compile(rb"=([0-9A-Fa-f]{2})")
# A name must not show another's address. Joiners stay, which letters of India and Persia need.
INVISIBLE = re.compile(f"[{CONTROLS}{NEVER_SEEN}{SEEN_SOMEWHERE}{TURNING}]+")
# Chunks of base64 that each have their own padding; nobody sends more of them.
_MAX_CHUNKS = 100_000
_STRAY = 60
_PADDING = re.compile(rb"=+")
_APPENDED = re.compile(rb"[^A-Za-z0-9+/=\s]|\S [^\s=]")


def decode_text(raw: bytes, charset: str = "") -> str:
    """Unstructured header text (Subject and the like), decoded, on one line.

    charset: what a person says raw 8-bit text is in, or "".
    """
    if raw.isascii() and b"=?" not in raw and b"\x1b" not in raw and b"~{" not in raw:
        return clean(raw.decode("ascii"))
    return clean(decode_words(raw_text(raw, charset), charset))


def raw_text(raw: bytes, charset: str = "") -> str:
    """A field's bytes as text before encoded words are decoded: ASCII, or raw 8-bit by guess."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii")
    return read_as(raw, charset)[0] if charset else decode(raw)


def clean(text: str) -> str:
    """Unfolded, without control, direction and invisible characters, trimmed."""
    if "\n" in text or "\r" in text:
        text = " ".join(line.strip(" \t") for line in _LINE_END.split(text))
    if "\t" in text:
        text = text.replace("\t", " ")
    # Some that show nothing are letters to Unicode, so "printable" tells nothing.
    if not (text.isascii() and text.isprintable()):
        text = INVISIBLE.sub("", text).replace("\u2028", " ").replace("\u2029", " ")
    return text.strip()


def decode_words(text: str, charset: str = "") -> str:
    """Decodes the encoded words in text; those next to each other may share a cut character.

    charset: what a person says, for words whose own label is not surely right; or "".
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    position = 0
    label = ""
    pending: list[tuple[str, str]] = []

    def flush() -> None:
        if pending:
            out.append(read_labelled(_bytes_of(pending, label), label, charset))
            pending.clear()

    for match in _WORD.finditer(text):
        between = text[position : match.start()]
        # White space between two encoded words is not text (RFC 2047, 6.2)
        if between and (not between.isspace() or not (pending or position)):
            flush()
            out.append(between)
        said = match[1].partition("*")[0].lower()
        if said != label:
            flush()
            label = said
        pending.append((match[2], match[3] if match[3] is not None else match[4]))
        position = match.end()
    flush()
    out.append(text[position:])
    return "".join(out)


def _bytes_of(words: list[tuple[str, str]], charset: str) -> bytes:
    """What words of one charset say together."""
    out: list[bytes] = []
    base64 = ""
    for encoding, encoded in words:
        if encoding in "bB":
            # Some cut the base64 of the whole, not the text, into words
            base64 += encoded
            if "=" not in encoded and len(encoded) % 4:
                continue
            out.append(word_bytes("b", base64, charset))
        else:
            out.append(word_bytes("b", base64, charset) if base64 else b"")
            out.append(word_bytes("q", encoded, charset))
        base64 = ""
    out.append(word_bytes("b", base64, charset) if base64 else b"")
    return b"".join(out)


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
        if len(found) * 4 >= len(raw) * 2:
            return found
    # Decoding stops at the first padding; encoders that pad every chunk mean more to follow. What
    # lists and scanners append is text.
    text = bytes(raw)
    end = _PADDING.search(text)
    if end is None or _APPENDED.search(text, end.end(), end.end() + 2000):
        return found or _chunks(text[: end.end()] if end else text)
    return _chunks(text)


def _chunks(text: bytes) -> bytes:
    chunks = re.sub(rb"[^A-Za-z0-9+/=]+", b"", text).split(b"=", _MAX_CHUNKS)
    if len(chunks) > _MAX_CHUNKS:
        chunks[-1] = chunks[-1].replace(b"=", b"")
    # A word or two after the end is no base64
    if len(chunks) > 1 and len(chunks[-1]) % 4 and len(chunks[-1]) < _STRAY:
        del chunks[-1]
    out: list[bytes] = []
    for chunk in chunks:
        usable = chunk[: len(chunk) - 1] if len(chunk) % 4 == 1 else chunk
        out.append(binascii.a2b_base64(usable + b"=" * (-len(usable) % 4)))
    return b"".join(out)
