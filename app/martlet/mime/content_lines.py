"""The lines that iCalendar and vCard are made of: unfolded, with parameters, nested in components
(RFC 5545, 3.1; RFC 6350, 3.3; vCard 2.1 with its quoted-printable). Never raises; bounded.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

from martlet.mime.charset import decode
from martlet.mime.words import base64_bytes

MAX_BYTES = 2 << 20
MAX_LINES = 50_000
MAX_DEPTH = 10
_MAX_LINE = 64 << 10
_HEAD = re.compile(r'((?:[^:;"]*\.)?)([^:;".\s]+)[ \t]*((?:;(?:"[^"]*"|[^":])*)?):', re.DOTALL)
_PARAMETER = re.compile(r';[ \t]*([^=;:"]*)(?:=((?:"[^"]*"|[^";])*))?')
_ONE = re.compile(r'"([^"]*)"|([^,"]+)')
_CARET = re.compile(r"\^([n'^])")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SOFT = re.compile(rb"(?i)[;=]quoted-printable[;:]")


@dataclass(frozen=True, slots=True)
class Line:
    """One property. name: in capitals. parameters: names in capitals, values as a list each."""

    name: str
    value: str
    parameters: dict[str, list[str]]
    group: str = ""

    def parameter(self, name: str) -> str:
        """The first value of a parameter; "" if there is none."""
        found = self.parameters.get(name)
        return found[0] if found else ""


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END of this name (in capitals)."""

    name: str
    lines: list[Line] = field(default_factory=list)
    inner: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        return next((line for line in self.lines if line.name == name), None)

    def all(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def value(self, name: str) -> str:
        """The value of the first property of this name as text; "" if there is none."""
        found = self.first(name)
        return unescaped(found.value) if found is not None else ""


def components(data: bytes, charset: str) -> list[Component]:
    """The outermost components of a file. charset: as the part says, "" for nothing.

    An END that closes nothing is passed over; one that is missing is where its parent ends.
    """
    top = Component("")
    open_: list[Component] = [top]
    for line in content_lines(data, charset):
        name = line.value.strip().upper()
        if line.name == "BEGIN":
            inner = Component(name)
            open_[-1].inner.append(inner)
            if len(open_) <= MAX_DEPTH:
                open_.append(inner)
        elif line.name == "END":
            names = [one.name for one in open_]
            if name in names[1:]:
                del open_[len(names) - 1 - names[::-1].index(name) :]
        else:
            open_[-1].lines.append(line)
    return top.inner


def content_lines(data: bytes, charset: str) -> list[Line]:
    """Every line that is one, in order."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data, charset = decode(data[:MAX_BYTES], "utf-16").encode("utf-8", "replace"), "utf-8"
    raws = _unfolded(data[:MAX_BYTES])
    whole = decode(b"\n".join(raws), charset or "utf-8")
    texts = whole.split("\n")
    if len(texts) != len(raws):
        texts = [decode(raw, charset or "utf-8") for raw in raws]
    found = (_line(text, raw) for text, raw in zip(texts, raws, strict=True))
    return [line for line in found if line is not None]


def unescaped(value: str) -> str:
    """TEXT as meant (RFC 5545, 3.3.11)."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def pieces(value: str, separator: str = ";") -> list[str]:
    """A value of several, cut at the separators that are not escaped, each unescaped."""
    cut = re.split(rf"(?<!\\)((?:\\\\)*){re.escape(separator)}", value)
    whole = [text + gap for text, gap in zip(cut[::2], [*cut[1::2], ""], strict=True)]
    return [unescaped(piece).strip() for piece in whole]


def _unfolded(data: bytes) -> list[bytes]:
    # On bytes: a fold may be in the middle of a character (RFC 5545, 3.1)
    physical = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", MAX_LINES)
    found: list[list[bytes]] = []
    soft = old = False
    for line in physical[:MAX_LINES]:
        if soft and found:
            found[-1].append(line)
        elif line[:1] in (b" ", b"\t") and found:
            # vCard 2.1 folds where a space is, which stays one
            found[-1].append(b" " + line.strip() if old and line.strip() else line[1:])
        else:
            found.append([line])
            soft = False
            if line[:8].upper() == b"VERSION:":
                old = line[8:].strip() == b"2.1"
        quoted = soft or bool(_SOFT.search(found[-1][0][:1000]))
        soft = quoted and line.rstrip().endswith(b"=")
        if soft:
            found[-1][-1] = found[-1][-1].rstrip()[:-1]
    return [b"".join(line)[:_MAX_LINE].strip() for line in found if line != [b""]]


def _line(text: str, raw: bytes) -> Line | None:
    match = _HEAD.match(text)
    if match is None:
        # A quote that is never closed, or no line at all
        head, colon, value = text.partition(":")
        name = head.partition(";")[0].strip().upper()
        return Line(name, value, {}) if colon and name and len(name) < 80 else None
    name = match[2].strip().upper()
    if not name or len(name) > 80:
        return None
    parameters = _parameters(match[3]) if match[3] else {}
    value = text[match.end() :]
    how = _encoding(parameters)
    named = (parameters.get("CHARSET") or [""])[0]
    if how or (named and not raw.isascii()):
        value = _decoded(raw, match[0], value, how, named)
    return Line(name, value, parameters, match[1].rstrip(".").upper())


def _parameters(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for match in _PARAMETER.finditer(text):
        name, written = match[1].strip().upper(), match[2]
        if written is None:
            # vCard 2.1 leaves out the name: TEL;HOME;VOICE
            if name:
                found.setdefault("TYPE", []).append(name)
            continue
        values = [quoted or plain.strip() for quoted, plain in _ONE.findall(written)]
        values = [_CARET.sub(lambda m: {"n": "\n", "'": '"'}.get(m[1], "^"), v) for v in values]
        if len(found) < 50:
            found.setdefault(name, []).extend(values[:50])
    return found


def _encoding(parameters: dict[str, list[str]]) -> str:
    for name in [*parameters.get("ENCODING", ()), *parameters.get("TYPE", ())]:
        word = name.upper()
        if word in ("QUOTED-PRINTABLE", "BASE64", "B"):
            return "Q" if word == "QUOTED-PRINTABLE" else "B"
    return ""


def _decoded(raw: bytes, head: str, value: str, how: str, charset: str) -> str:
    """The value of a line that says how it is encoded, in its own charset."""
    bare = raw.partition(b":")[2] if '"' not in head else value.encode("utf-8", "replace")
    if how == "Q":
        bare = binascii.a2b_qp(bare)
    elif how == "B":
        bare = base64_bytes(bare)
    return decode(bare, charset or "utf-8")
