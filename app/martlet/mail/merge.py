"""Mail merge: one letter for each row of a table, its variables filled in. Pure.

Which column has the addresses, whom a row is for, what is wrong with rows, the letter of a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from martlet.mail import variables
from martlet.mail.address_key import address_key
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.typed import is_address, parse_typed
from martlet.mail.variables import Field, key

Row = Mapping[str, str]

# As columns are called in the tables of many languages, without spaces and marks.
_ADDRESS = re.compile(
    r"e?-?mail(?:s|adresse?|address|id)?|address|recipient|to|adresse|empfänger|courriel|correo"
    r"|destinat\w+|indirizzo|邮箱|邮件|电子邮[件箱]|邮[箱件]地址|收件[人者]|郵箱|電子郵件|電郵|メール(?:アドレス)?"
    r"|宛先|почта"
)
_NAME = re.compile(r"(?:full|display)?name|contact|nome?|nombre|naam|姓名|名[字称前]|氏名|имя")
_FIRST = re.compile(r"first(?:name)?|givenname|vorname|pr[eé]nom|名")
_LAST = re.compile(r"last(?:name)?|surname|family(?:name)?|nachname|familienname|姓")
_TITLE = re.compile(r"(?:dr|prof|mrs?|ms|herr|frau|mme|mlle|ing|dipl)\.?|m\.", re.IGNORECASE)


class Wrong(Enum):
    """What keeps a row from being sent as it is. DUPLICATE: the address stands above already."""

    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    EMPTY_FIELD = "empty_field"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Problem:
    """row: its place, from 0. said: the address, or the names of the fields."""

    row: int
    wrong: Wrong
    said: str = ""

    @property
    def fatal(self) -> bool:
        """Whether no letter can go to this row at all."""
        return self.wrong in (Wrong.NO_ADDRESS, Wrong.BAD_ADDRESS)


def address_column(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """The column that most likely has the addresses, "" if none has any."""
    some = rows[:200]

    def score(column: str) -> tuple[int, bool]:
        full = sum(1 for row in some if "@" in row.get(column, ""))
        return full, _ADDRESS.fullmatch(_bare(column)) is not None

    best = max(columns, key=score, default="")
    return best if best and score(best) != (0, False) else ""


def recipient(row: Row, to: str) -> Address | None:
    """Whom a row is for, by name if the row knows it; None when there is not exactly one."""
    found = parse_typed(row.get(to, "").strip())
    if len(found) != 1 or not found[0].valid:
        return None
    person = found[0].address
    name = person.name or _name_in(row, to)
    return Address(variables.one_line(name), person.address)


def first_name(name: str) -> str:
    """What one calls a person by: "Anna" of "Dr. Anna Berg" and of "Berg, Anna"."""
    if "@" in name:
        return ""
    family, comma, given = name.partition(",")
    words = (given if comma and given.strip() else family).split()
    while len(words) > 1 and _TITLE.fullmatch(words[0]):
        words = words[1:]
    return words[0] if words else ""


def of_people(to: Address | None, me: Address) -> dict[str, str]:
    """The variables that say who writes to whom."""
    found = {"me.name": me.name, "me.first": first_name(me.name), "me.address": me.address}
    if to is not None:
        found |= {"to.name": to.name, "to.first": first_name(to.name), "to.address": to.address}
    return found


def values_of(draft: Draft, me: Address, common: Mapping[str, str]) -> dict[str, str]:
    """What is known for a letter, by key. common: the date and the like, in the writer's words."""
    to = draft.to[0] if draft.to else None
    found = variables.keyed({**common, **of_people(to, me)})
    # The subject itself first: what stands in it is not read once more where it is put.
    found["subject"] = variables.fill_line(draft.subject, found)
    return found


def filled(draft: Draft, values: variables.Values) -> Draft:
    """The letter with all that is known filled in. What was forwarded stays as it is."""
    headers = tuple((n, variables.fill_line(v, values)) for n, v in draft.options.headers)
    return replace(
        draft,
        subject=variables.fill_line(draft.subject, values),
        text=variables.fill_text(draft.text, values),
        html=None if draft.html is None else variables.fill_html(draft.html, values),
        options=replace(draft.options, headers=headers),
    )


def fields_of(draft: Draft) -> tuple[Field, ...]:
    """Every variable of a letter that its writer put there."""
    body = (
        variables.own_fields(draft.text)
        if draft.html is None
        else variables.fields_of_html(draft.html)
    )
    headers = [one for _, value in draft.options.headers for one in variables.fields(value)]
    return (*variables.fields(draft.subject), *body, *headers)


def row_values(draft: Draft, row: Row, to: str, me: Address, common: Row) -> dict[str, str]:
    """What is known for the letter of a row: its columns before all else."""
    person = recipient(row, to)
    addressed = replace(draft, to=(person,) if person else ())
    columns = variables.keyed(row)
    found = {**variables.keyed({**common, **of_people(person, me)}), **columns}
    if not columns.get("subject", "").strip():
        found["subject"] = variables.fill_line(addressed.subject, found)
    return found


def letter(draft: Draft, row: Row, to: str, me: Address, common: Row) -> Draft:
    """The letter of a row: to that one alone, a new one. Its row has an address."""
    person = recipient(row, to)
    made = filled(draft, row_values(draft, row, to, me, common))
    alone = (person,) if person else ()
    return replace(made, id=DraftId(0), key="", to=alone, cc=(), bcc=())


def unknown(draft: Draft, columns: Sequence[str], me: Address, common: Row) -> tuple[str, ...]:
    """The names of variables that no row can say anything for: no column is called so."""
    known = {name: "x" for name in columns}
    somebody = Address("x", "x@example.org")
    values = variables.keyed({**common, **of_people(somebody, me), "subject": "x", **known})
    usual = [one for one in fields_of(draft) if not key(one.name).startswith(("me.", "to."))]
    return tuple(one.name for one in variables.unfilled(usual, values))


def problems(
    draft: Draft, rows: Iterable[Row], to: str, me: Address, common: Row
) -> tuple[Problem, ...]:
    """All that is wrong, in the order of rows."""
    used = fields_of(draft)
    seen: set[str] = set()
    found: list[Problem] = []
    for number, row in enumerate(rows):
        person = recipient(row, to)
        if person is None:
            said = variables.one_line(row.get(to, ""))[:100]
            found.append(Problem(number, Wrong.BAD_ADDRESS if said else Wrong.NO_ADDRESS, said))
            continue
        address = address_key(person.address)
        if address in seen:
            found.append(Problem(number, Wrong.DUPLICATE, person.address))
        seen.add(address)
        missing = variables.unfilled(used, row_values(draft, row, to, me, common))
        if missing:
            said = ", ".join(one.name for one in missing)
            found.append(Problem(number, Wrong.EMPTY_FIELD, said))
    return tuple(found)


def looks_like_address(cell: str) -> bool:
    """Whether a cell holds an address, which the head of a table never does."""
    return any(is_address(one.address.address) for one in parse_typed(cell[:400]))


def _name_in(row: Row, to: str) -> str:
    by = {_bare(column): value.strip() for column, value in row.items() if column != to}
    for column, value in by.items():
        if _NAME.fullmatch(column) and value:
            return value
    first = next((v for c, v in by.items() if _FIRST.fullmatch(c) and v), "")
    last = next((v for c, v in by.items() if _LAST.fullmatch(c) and v), "")
    if any("\u3400" <= c <= "\u9fff" for c in first + last):
        return last + first
    return f"{first} {last}".strip()


def _bare(column: str) -> str:
    return "".join(c for c in key(column) if c not in " _.:：")
