"""Templates and snippets: what of them may be kept, and keeping it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from martlet.mail.errors import Refused
from martlet.mail.writing import Template, TemplateId, TemplateKind
from martlet.store import templates
from martlet.store.database import Database

LONGEST_NAME = 200
LONGEST_SHORTCUT = 40


class Templates:
    """The templates of a profile."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def save(self, template: Template) -> TemplateId:
        """Keeps it; refuses one without a name, and a shortcut that Tab could not follow."""
        name, shortcut = " ".join(template.name.split()), template.shortcut.strip()
        if not name:
            raise Refused("A template needs a name.")
        if len(name) > LONGEST_NAME:
            raise Refused("This name is too long.")
        if shortcut and template.kind is not TemplateKind.SNIPPET:
            raise Refused("Only snippets have shortcuts.")
        if len(shortcut) > LONGEST_SHORTCUT or any(c.isspace() for c in shortcut):
            raise Refused("A shortcut is one word.")
        kept = replace(template, name=name, shortcut=shortcut, updated=self._clock())
        with self._database.write() as tx:
            return templates.save(tx, kept)

    def remove(self, template_id: TemplateId) -> None:
        with self._database.write() as tx:
            templates.remove(tx, template_id)
