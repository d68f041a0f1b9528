"""Rows of the letter's table: templates, snippets, fields, signatures, mail merge."""

from __future__ import annotations

from martlet.ui.compose.command import Command

LETTER: tuple[Command | None, ...] = (
    Command(
        "template.use", "Use a template…", ("Ctrl+Alt+O",), "", lambda w: w.kept.choose_template()
    ),
    Command("template.save", "Save as template…", (), "", lambda w: w.kept.ask_name()),
)

INSERT: tuple[Command | None, ...] = (
    Command("snippet", "Snippet…", ("Ctrl+Shift+I",), "text", lambda w: w.kept.choose_snippet()),
    Command("field", "Field…", (), "", lambda w: w.kept.choose_field()),
    Command("signature", "Signature…", (), "edit", lambda w: w.kept.choose_signature()),
)

TOOLS: tuple[Command | None, ...] = (
    Command("merge", "Mail merge…", (), "", lambda w: w.kept.merge()),
    Command("templates", "Templates and snippets…", (), "", lambda w: w.kept.manage()),
)
