"""A letter as it is kept for other letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.mail.writing import Template, TemplateId, TemplateKind
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.markup.write_text import write_text
from martlet.ui.compose.signing.signature import find
from martlet.ui.compose.text.document import lines_of

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow


def as_template(window: ComposeWindow, name: str, origin: Template | None) -> Template:
    """The letter as a template of this name, without its signature; in place of the one it was
    opened as, where that has the same name."""
    same = origin is not None and origin.name == name
    template_id = origin.id if origin is not None and same else TemplateId(0)
    draft = window.draft()
    lines = lines_of(window.editor.document())
    signature = window.signer.lines
    at = find(lines, signature)
    if at is not None:
        lines = [*lines[:at], *lines[at + len(signature) :]]
    while lines and lines[-1].blank and lines[-1].cell is None:
        lines.pop()
    rich = window.editor.rich
    markup = write_html(lines) if rich else None
    parts = tuple(
        part
        for part in draft.parts
        if not part.content_id or f"cid:{part.content_id}" in (markup or "")
    )
    text = write_text(lines) if rich else "\n".join(line.text for line in lines)
    return Template(
        template_id, TemplateKind.TEMPLATE, name, subject=draft.subject, text=text,
        html=markup, parts=parts, to=draft.to, cc=draft.cc, bcc=draft.bcc,
    )  # fmt: skip
