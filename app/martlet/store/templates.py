"""Letters and words kept to be used again. Their files are blobs (see `living`)."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from martlet.mail.changes import TemplatesChanged
from martlet.mail.errors import Refused
from martlet.mail.writing import Template, TemplateId
from martlet.store.codec import clean, to_json
from martlet.store.database import Row, Source, Tx

_templates = msgspec.json.Decoder(Template)


def save(tx: Tx, template: Template) -> TemplateId:
    """Keeps a new one (id 0), or in place of the one with its id; answers the id.

    Refused if another snippet has its shortcut.
    """
    if template.shortcut:
        for other in all_templates(tx):
            if (
                other.id != template.id
                and other.shortcut.casefold() == template.shortcut.casefold()
            ):
                raise Refused(f"“{other.name}” has the shortcut {template.shortcut} already.")
    body = to_json(template)
    if template.id:
        # Also one that was removed meanwhile: what somebody wrote is not lost.
        tx.execute(
            "INSERT INTO template (id, kind, name, body) VALUES (?, ?, ?, ?) ON CONFLICT (id)"
            " DO UPDATE SET kind = excluded.kind, name = excluded.name, body = excluded.body",
            (template.id, template.kind.value, clean(template.name), body),
        )
        template_id = template.id
    else:
        tx.execute(
            "INSERT INTO template (kind, name, body) VALUES (?, ?, ?)",
            (template.kind.value, clean(template.name), body),
        )
        template_id = TemplateId(tx.inserted)
    tx.must_last()
    tx.note(TemplatesChanged())
    return template_id


def remove(tx: Tx, template_id: TemplateId) -> None:
    """Forgets it; one not there is no error."""
    tx.execute("DELETE FROM template WHERE id = ?", (template_id,))
    if tx.touched:
        tx.note(TemplatesChanged())


def all_templates(source: Source) -> list[Template]:
    """By name, in any case."""
    rows = source.query("SELECT id, body FROM template")
    return sorted(map(_template, rows), key=lambda one: (one.name.casefold(), one.id))


def _template(row: Row) -> Template:
    return replace(_templates.decode(row[1]), id=TemplateId(row[0]))
