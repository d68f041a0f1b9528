"""People: the cards of a text/vcard part (RFC 6350; RFC 2426; vCard 2.1). Never raises; bounded.

Photos, sounds and keys are left out.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from martlet.mail.cards import Person
from martlet.mime.content_lines import Component, Line, components, pieces, unescaped
from martlet.mime.label import label, text_of

MAX_PEOPLE = 200
MAX_FIELDS = 60
_MAX_EACH = 20
_MAX_NOTE = 2_000
# What each property is called for a person to read
_FIELDS = {
    "TITLE": "Title", "ROLE": "Role", "NICKNAME": "Nickname", "BDAY": "Birthday",
    "ANNIVERSARY": "Anniversary", "ADR": "Address", "URL": "Website", "IMPP": "Chat",
    "X-QQ": "QQ", "X-WECHAT": "WeChat", "X-ICQ": "ICQ", "X-JABBER": "Jabber", "X-SKYPE": "Skype",
    "X-SKYPE-USERNAME": "Skype", "X-TWITTER": "Twitter", "LANG": "Language", "TZ": "Time zone",
    "CATEGORIES": "Categories", "NOTE": "Note",
}  # fmt: skip
_KINDS = {
    "HOME": "home", "WORK": "work", "CELL": "mobile", "FAX": "fax", "PAGER": "pager",
    "CAR": "car", "ISDN": "ISDN", "MODEM": "modem", "VIDEO": "video", "DOM": "", "INTL": "",
}  # fmt: skip
_DATE = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:T.*)?\Z")
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_\Z")


def people(data: bytes, charset: str, part: str) -> tuple[Person, ...]:
    """The people of a vCard file, in order, at most MAX_PEOPLE. part: its section."""
    cards = [one for one in components(data, charset) if one.name == "VCARD"]
    found = (_person(card, part) for card in cards[:MAX_PEOPLE])
    return tuple(one for one in found if one.name or one.addresses or one.phones or one.fields)


def _person(card: Component, part: str) -> Person:
    addresses = tuple(dict.fromkeys(_mail(line) for line in card.all("EMAIL")[:_MAX_EACH]))
    phones = [_phone(line) for line in card.all("TEL")[:_MAX_EACH]]
    labels = {line.group: label(line.value, 40) for line in card.all("X-ABLABEL") if line.group}
    fields: list[tuple[str, str]] = []
    for line in card.lines:
        name = _FIELDS.get(line.name)
        if name is None or len(fields) >= MAX_FIELDS:
            continue
        value = _value(line)
        if value:
            fields.append((_named(name, line, labels), value))
    return Person(
        part,
        _name(card) or (addresses[0] if addresses else ""),
        _organization(card),
        tuple(one for one in addresses if one),
        tuple(one for one in phones if one),
        tuple(dict.fromkeys(fields)),
    )


def _name(card: Component) -> str:
    for line in card.all("FN"):
        if line.value.strip():
            return label(unescaped(line.value))
    parts = card.first("N")
    if parts is not None:
        family, given, more, before, after = (*pieces(parts.value), "", "", "", "", "")[:5]
        asian = any(c > "\u2e7f" for c in family + given)
        # 王 and 小明 stand together, the family first
        first = f"{family}{given}" if asian else f"{given} {more} {family}"
        name = label(" ".join([before, first, after]))
        if name:
            return name
    return label(card.value("NICKNAME")) or _organization(card)


def _organization(card: Component) -> str:
    line = card.first("ORG")
    return label(", ".join(piece for piece in pieces(line.value) if piece)) if line else ""


def _mail(line: Line) -> str:
    value = unescaped(line.value).strip()
    if value[:7].lower() == "mailto:":
        value = unquote(value[7:].partition("?")[0], errors="replace")
    return "".join(label(value, 320).split())


def _phone(line: Line) -> str:
    value = unescaped(line.value).strip()
    if value[:4].lower() == "tel:":
        number, _, extension = value[4:].partition(";ext=")
        value = f"{number.partition(';')[0]} ext. {extension}" if extension else number
    number = label(value, 80)
    kinds = _kinds(line)
    return f"{number} ({kinds})" if number and kinds else number


def _kinds(line: Line) -> str:
    """ "work, fax": what the property says it is for."""
    words = [word.upper() for value in line.parameters.get("TYPE", ())[:10]
             for word in value.split(",")[:10]]  # fmt: skip
    return ", ".join(dict.fromkeys(_KINDS[word] for word in words if _KINDS.get(word)))


def _named(name: str, line: Line, labels: dict[str, str]) -> str:
    said = labels.get(line.group, "")
    match = _APPLE_LABEL.match(said)
    kind = (match[1] if match else said).strip() or _kinds(line)
    return f"{name} ({kind})" if kind else name


def _value(line: Line) -> str:
    if line.name == "ADR":
        box, more, street, city, region, code, country = (*pieces(line.value), *[""] * 7)[:7]
        parts = [street, more, box, f"{code} {city}".strip(), region, country]
        return label(", ".join(part.replace("\n", ", ") for part in parts if part.strip()))
    if line.name == "NOTE":
        return text_of(unescaped(line.value), _MAX_NOTE)
    value = label(unescaped(line.value))
    if line.name in ("BDAY", "ANNIVERSARY"):
        match = _DATE.match(value)
        if match is not None:
            year = "" if match[1] == "--" else f"{match[1]}-"
            return f"{year}{match[2]}-{match[3]}"
    return value
