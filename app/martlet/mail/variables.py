"""Words in double braces that stand for others: {{to.name}}, {{company|your company}}. Pure.

What the values are, others say. A value is text and nothing else: it is escaped in markup, made
one line where there is one, and never read for variables again. What somebody else wrote (quoted
lines, a forwarded letter) is left alone, so that no sender can have a writer's data filled in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

CURSOR = "cursor"
"""Where one goes on writing; nothing stands there in the end."""

_FIELD = re.compile(
    r"\{\{([^{}<>|\r\n\u2028\u2029]{1,100})(?:\|([^{}<>\r\n\u2028\u2029]{0,300}))?\}\}"
)
_TOKEN = re.compile(r"<[^<>]*>")
_HREF = re.compile(r'(\shref=")([^"]*)(")')
_INLINE = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|span|font|code|sub|sup|small|big|mark|tt)[\s>]", re.IGNORECASE
)
# Tags may stand between the two: looks end there, a variable does not.
_BRACES = re.compile(r"\{(?=(?:<[^<>]*>)*\{)")
_SCHEME = re.compile(r"(?:https?|mailto|tel|ftp):", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FOREIGN = re.compile(r"\s?>|-{8} ")


@dataclass(frozen=True, slots=True)
class Field:
    """One variable where it stands. fallback: what is put there when there is no value, or None."""

    start: int
    end: int
    name: str
    fallback: str | None

    @property
    def written(self) -> str:
        """As it is named to people."""
        return f"{{{{{self.name}}}}}"


Values = Mapping[str, str]
"""By `key` of their name."""

Ask = Callable[[tuple[Field, ...]], list[str | None]]
"""What is to stand for each variable of a line; None: it stays."""


def key(name: str) -> str:
    """What two spellings of one name have in common."""
    return " ".join(name.split()).casefold()


def keyed(values: Mapping[str, str]) -> dict[str, str]:
    """Values by the key of their name; of two that have the same, the first that says anything."""
    found: dict[str, str] = {}
    for name, value in values.items():
        if not found.get(key(name), "").strip():
            found[key(name)] = value
    return found


def fields(text: str) -> tuple[Field, ...]:
    """All variables of a text, in order; what is no variable by its form is none."""
    return tuple(
        Field(match.start(), match.end(), " ".join(match[1].split()), match[2])
        for match in _FIELD.finditer(text)
        if match[1].strip()
    )


def broken_up(text: str) -> str:
    """A text or markup that somebody else wrote, in which nothing is a variable any more."""
    return _BRACES.sub("{ ", text)


def own_fields(text: str) -> tuple[Field, ...]:
    """Those of a plain letter that stand in its writer's own lines."""
    end = _own_end(text)
    return tuple(
        field
        for field in fields(text)
        if field.end <= end and not _FOREIGN.match(text, text.rfind("\n", 0, field.start) + 1)
    )


def fill_line(text: str, values: Values) -> str:
    """A subject or another line with what is known filled in; the rest stays as it was."""
    return _filled(text, fields(text), values, one_line)


def fill_text(text: str, values: Values) -> str:
    """A plain letter with what is known filled in; quoted lines stay as they are."""
    return _filled(text, own_fields(text), values, plain)


def fill_html(markup: str, values: Values) -> str:
    """A rich letter (as the composer writes it) with what is known filled in, escaped; quotations
    stay as they are. A variable may change its looks in the middle: it takes those it begins with.
    """
    return _in_markup(markup, lambda group: [_value(field, values) for field in group])


def fields_of_html(markup: str) -> tuple[Field, ...]:
    """The variables of a rich letter outside of quotations; where they stand says nothing."""
    found: list[Field] = []

    def note(group: tuple[Field, ...]) -> list[str | None]:
        found.extend(group)
        return [None] * len(group)

    _in_markup(markup, note)
    return tuple(found)


def unfilled(every: Iterable[Field], values: Values) -> tuple[Field, ...]:
    """Those that no value and no fallback is known of, each name once."""
    missing = {
        key(one.name): one
        for one in every
        if key(one.name) != CURSOR and _value(one, values) is None
    }
    return tuple(missing.values())


def plain(value: str) -> str:
    """A value for a letter's text: lines end in a newline, nothing else controls anything."""
    return _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(value: str) -> str:
    """A value for a line: nothing in it can end it (RFC 5322, 2.2: no injection)."""
    return _CONTROLS.sub("", " ".join(value.split()))


def marked_up(value: str) -> str:
    """A value for a rich letter."""
    return html.escape(plain(value).strip("\n"), quote=False).replace("\n", "<br>")


def _value(field: Field, values: Values) -> str | None:
    found = values.get(key(field.name), "")
    if found.strip():
        return found
    return "" if key(field.name) == CURSOR else field.fallback


def _filled(text: str, every: Iterable[Field], values: Values, shape: Callable[[str], str]) -> str:
    out: list[str] = []
    last = 0
    for field in every:
        value = _value(field, values)
        if value is not None:
            out += (text[last : field.start], shape(value))
            last = field.end
    return "".join((*out, text[last:]))


def _own_end(text: str) -> int:
    match = re.search(r"^-{8} ", text, re.MULTILINE)
    return match.start() if match else len(text)


def _in_markup(markup: str, ask: Ask) -> str:
    """Goes through markup: tags stay (but for addresses of links), text is filled in by line."""
    out: list[str] = []
    texts: list[int] = []  # places in `out` of the text of the present line
    depth = last = 0

    def line_ends() -> None:
        if texts and not depth:
            _fill_pieces(out, texts, ask)
        texts.clear()

    for match in _TOKEN.finditer(markup):
        if match.start() > last:
            texts.append(len(out))
            out.append(markup[last : match.start()])
        last = match.end()
        tag = match[0]
        if not _INLINE.match(tag):
            line_ends()
            name = tag[1:].lower()
            if name.startswith("blockquote"):
                depth += 1
            elif name.startswith("/blockquote"):
                depth = max(0, depth - 1)
        elif not depth and "{{" in tag:
            tag = _HREF.sub(lambda found: _address(found, ask), tag)
        out.append(tag)
    if last < len(markup):
        texts.append(len(out))
        out.append(markup[last:])
    line_ends()
    return "".join(out)


def _fill_pieces(out: list[str], texts: list[int], ask: Ask) -> None:
    """Fills in the text of one line, which tags may cut into pieces."""
    whole = "".join(out[at] for at in texts)
    if "{{" not in whole:
        return
    every = tuple(
        Field(one.start, one.end, html.unescape(one.name).replace("\xa0", " "),
              None if one.fallback is None else html.unescape(one.fallback))
        for one in fields(whole)
    )  # fmt: skip
    answers = [
        (field, value) for field, value in zip(every, ask(every), strict=True) if value is not None
    ]
    begin = 0
    for at in texts:
        piece, end = [], begin + len(out[at])
        here = begin
        for field, value in answers:
            if field.end <= begin or field.start >= end:
                continue
            piece.append(whole[here : max(here, field.start)])
            if field.start >= begin:
                piece.append(marked_up(value))
            here = min(field.end, end)
        piece.append(whole[here:end])
        out[at] = "".join(piece)
        begin = end


def _address(found: re.Match[str], ask: Ask) -> str:
    """The address of a link: what is filled in is a part of it, and cannot make it another kind."""
    address = html.unescape(found[2])
    every = fields(address)
    out: list[str] = []
    last = 0
    for field, value in zip(every, ask(every), strict=True):
        if value is None:
            continue
        value = one_line(value)
        whole = not field.start and _SCHEME.match(value)
        out += (address[last : field.start], value if whole else quote(value, safe=""))
        last = field.end
    filled = "".join((*out, address[last:]))
    if not _SCHEME.match(filled):
        return found[0]
    return f"{found[1]}{html.escape(filled)}{found[3]}"
