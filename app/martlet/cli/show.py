"""`martlet show` and `martlet save`: one message, and its attachments as files."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from martlet.cli import find, output, progress
from martlet.cli.context import Context
from martlet.cli.listing import positive
from martlet.link.messages import CheckSignature, RawMessage, Render, SavePart
from martlet.mail.errors import Refused
from martlet.mail.message import MessageId
from martlet.mail.rendered import Rendered
from martlet.mail.sender_facts import SenderFact, sentence_of
from martlet.paths import expanded


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("id", metavar="ID", type=positive)
    if name == "save":
        parser.add_argument("--part", metavar="N", help="only this part (else all attachments)")
        parser.add_argument("--to", metavar="DIR", default=".", help="the folder (else this one)")
        return
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--raw", action="store_true", help="the message as received")
    which.add_argument("--text", action="store_true", help="the readable text")
    which.add_argument("--html", action="store_true", help="the HTML part, made safe")
    which.add_argument("--headers", action="store_true", help="every header, decoded")
    which.add_argument(
        "--check", action="store_true", help="its sender; checks the DKIM signature (asks DNS)"
    )


def run(context: Context, args: Any) -> int:
    (row,) = find.messages(context, [args.id])
    if args.command == "save":
        return _save(context, row.id, args.part, expanded(args.to).absolute())
    if args.raw:
        stored = context.reader.raw(row.id)
        if stored is None:
            with context.client() as client, progress.shown(client):
                stored = client.call(RawMessage(row.id))
        output.raw(stored)
        return 0
    with context.client() as client, progress.shown(client):
        rendered = client.call(Render(row.id, wait=True))
        proved = client.call(CheckSignature(row.id)) if args.check else []
    if args.check:
        _check(context, rendered, proved)
        return 0
    if args.html and rendered.html is None:
        raise Refused(f"Message {row.id} has no HTML part.")
    if context.json:
        output.objects([_object(rendered, args)])
    elif args.html:
        output.text(rendered.html or "")
    elif args.text:
        output.text(rendered.text)
    elif args.headers:
        output.text("\n".join(f"{name}: {value}" for name, value in rendered.headers))
    else:
        _print(rendered, sorted(row.tags))
    return 0


def _object(rendered: Rendered, args: Any) -> dict[str, object]:
    if args.headers:
        headers = [{"name": name, "value": value} for name, value in rendered.headers]
        return {"id": rendered.message_id, "headers": headers}
    if args.text:
        return {"id": rendered.message_id, "text": rendered.text}
    if args.html:
        return {"id": rendered.message_id, "html": rendered.html}
    envelope = rendered.envelope
    return {
        "id": rendered.message_id,
        "subject": envelope.subject,
        "from": str(envelope.sender),
        "to": [str(one) for one in envelope.to],
        "cc": [str(one) for one in envelope.cc],
        "bcc": [str(one) for one in envelope.bcc],
        "reply_to": [str(one) for one in envelope.reply_to],
        "date": output.iso(envelope.date),
        "message_id": envelope.message_id,
        "text": rendered.text,
        "html": rendered.html,
        "attachments": [
            {
                "part": one.part,
                "filename": one.filename,
                "type": one.content_type,
                "size": one.size,
                "content_id": one.content_id,
                "disposition": one.disposition,
                "inline": one.inline,
                "here": one.here,
            }
            for one in rendered.attachments
        ],
        "blocked": rendered.blocked,
        "remote": {
            "pictures": list(rendered.remote.pictures),
            "trackers": rendered.remote.trackers,
            "other": rendered.remote.other,
            "allowed_by": rendered.remote.allowed_by,
        },
        "charset": rendered.charset,
        "facts": _facts(rendered.facts),
        "problems": list(rendered.problems),
        "notes": list(rendered.notes),
        "size": rendered.raw_size,
        "not_here": rendered.not_here,
    }


def _facts(facts: Iterable[SenderFact]) -> list[dict[str, str]]:
    return [{"weight": fact.weight.value, "fact": sentence_of(fact)} for fact in facts]


def _say(facts: Iterable[SenderFact]) -> None:
    for fact in facts:
        output.say(f"{fact.weight.name.capitalize()}: {sentence_of(fact)}")


def _check(context: Context, rendered: Rendered, proved: list[SenderFact]) -> None:
    if context.json:
        told = {"facts": _facts(rendered.facts), "signatures": _facts(proved)}
        output.objects([{"id": rendered.message_id, **told}])
        return
    output.say(f"From: {rendered.envelope.sender}")
    _say([*rendered.facts, *proved])


def _print(rendered: Rendered, tags: list[str]) -> None:
    envelope = rendered.envelope
    lines = (
        ("From", str(envelope.sender)),
        ("To", ", ".join(map(str, envelope.to))),
        ("Cc", ", ".join(map(str, envelope.cc))),
        ("Date", output.local_date(envelope.date)),
        ("Subject", envelope.subject),
        ("Tags", " ".join(tags)),
    )
    for name, value in lines:
        if value or name == "Subject":
            output.say(f"{name}: {value}")
    for one in rendered.attachments:
        if not one.inline:
            away = "" if one.here else ", on the server"
            output.say(f"Attachment {one.part}: {one.filename} ({output.size(one.size)}{away})")
    _say(rendered.facts)
    for problem in rendered.problems:
        output.say(f"Problem: {problem}")
    for note in rendered.notes:
        output.say(f"Note: {note}")
    print()
    output.text(rendered.text)


def _save(context: Context, message_id: MessageId, part: str | None, folder: Path) -> int:
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}.")
    with context.client() as client:
        if part is not None:
            parts = [part]
        else:
            with progress.shown(client):
                listed = client.call(Render(message_id, wait=True)).attachments
            parts = [one.part for one in listed if not one.inline]
            if not parts:
                raise Refused(f"Message {message_id} has no attachment.")
        for one in parts:
            with progress.shown(client):
                path = client.call(SavePart(message_id, one, str(folder)))
            if context.json:
                output.objects([{"part": one, "path": path}])
            else:
                output.say(path)
    return 0
