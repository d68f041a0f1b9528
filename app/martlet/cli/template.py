"""`martlet template list|add|remove`: letters and words kept to be used again."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli import given, output
from martlet.cli.commands import common
from martlet.cli.context import Context, Usage
from martlet.link.messages import RemoveTemplate, SaveTemplate
from martlet.mail.errors import Refused
from martlet.mail.writing import Template, TemplateId, TemplateKind


def options(parser: argparse.ArgumentParser, name: str) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    shared = common()
    line = "what is kept: templates and snippets"
    actions.add_parser("list", help=line, description=line, parents=[shared])
    line = "keep one; {{to.name}}, {{date}} and others in it are filled in when it is used"
    add = actions.add_parser("add", help=line, description=line, parents=[shared])
    add.add_argument("name", metavar="NAME")
    add.add_argument("--snippet", action="store_true", help="words for any letter, not a letter")
    add.add_argument("--shortcut", metavar="WORD", default="", help="that Tab turns into a snippet")
    add.add_argument("--subject", metavar="TEXT", default="")
    add.add_argument("--body", metavar="TEXT", default="", help="the text; - for stdin")
    add.add_argument("--html", metavar="HTML", help="a formatted body; - for stdin")
    add.add_argument("--attach", metavar="FILE", action="append", default=[], help=given.FILES)
    line = "forget one"
    remove = actions.add_parser("remove", help=line, description=line, parents=[shared])
    remove.add_argument("id", metavar="ID", type=int, help="as `template list` says")


def run(context: Context, args: Any) -> int:
    if args.action == "list":
        return _list(context)
    if args.action == "remove":
        if not any(one.id == args.id for one in context.reader.templates()):
            raise Refused(f"There is no template {args.id}.")
        with context.client() as client:
            client.call(RemoveTemplate(TemplateId(args.id)))
        if not context.json:
            output.say("It is removed.")
        return 0
    if args.body and args.html:
        raise Usage("give --body or --html, not both: the text of HTML is made from it")
    body = given.words(args.body).rstrip("\n")
    html = given.words(args.html).strip() or None if args.html else None
    if not body and not html:
        raise Usage("give its words: --body or --html")
    files = given.files(args.attach)
    kind = TemplateKind.SNIPPET if args.snippet or args.shortcut else TemplateKind.TEMPLATE
    with context.client() as client:
        parts = given.attached(client, files)
        made = Template(
            TemplateId(0), kind, args.name, args.shortcut, args.subject, body, html, parts
        )
        number = client.call(SaveTemplate(made))
    if context.json:
        output.objects([{"id": number}])
    else:
        output.say(f"{args.name} is kept as {number}.")
    return 0


def _list(context: Context) -> int:
    kept = context.reader.templates()
    if context.json:
        output.objects(
            {
                "id": one.id,
                "kind": one.kind.value,
                "name": one.name,
                "shortcut": one.shortcut,
                "subject": one.subject,
                "text": one.text,
                "files": [part.name for part in one.parts if not part.content_id],
            }
            for one in kept
        )
        return 0
    output.table(
        ("ID", "Kind", "Name", "Shortcut", "Says"),
        [(str(one.id), one.kind.value, one.name, one.shortcut, _says(one)) for one in kept],
        right=frozenset({0}),
        headed=True,
        empty="Nothing is kept yet.",
    )
    return 0


def _says(one: Template) -> str:
    words = " ".join((one.subject or one.text).split())
    return f"{words[:59]}…" if len(words) > 60 else words
