"""The table of subcommands, and the parser made from it.

A module is imported only when its command is asked for: `martlet list` must not wait for
what `martlet send` needs. Each module has `options(parser, name)`, which says what the
command takes, and `run(context, args) -> exit status`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

from martlet import __version__


class Command(NamedTuple):
    name: str
    module: str
    line: str


COMMANDS = (
    Command("account", "account", "add, list, show, test, edit or remove accounts; traffic"),
    Command("sync", "sync", "one pass: replay local changes, fetch, send"),
    Command("folder", "folder", "list, create, rename, delete, subscribe, keep folders"),
    Command("list", "listing", "the messages of a folder, newest first"),
    Command("search", "listing", "messages that match a query, newest first"),
    Command("show", "show", "one message"),
    Command("save", "show", "save attachments"),
    Command("download", "download", "fetch messages whole, or all of a folder"),
    Command("flag", "change", "add or remove flags"),
    Command("tag", "change", "add or remove tags (keywords)"),
    Command("move", "change", "move messages to a folder"),
    Command("copy", "change", "copy messages to a folder"),
    Command("archive", "change", "move messages to the archive"),
    Command("delete", "change", "move messages to the trash, or from there for good"),
    Command("undelete", "change", "take deletion marks back, while the server still has it"),
    Command("undo", "change", "take the last change back"),
    Command("send", "send", "send a message"),
    Command("redirect", "redirect", "send a message on, as it is"),
    Command("outbox", "outbox", "list, send, delay, cancel or resolve what is to be sent"),
    Command("delivery", "delivery", "what became of a sent message"),
    Command("identity", "identity", "list, add, edit or remove addresses an account writes from"),
    Command("template", "template", "list, add or remove letters and words to be used again"),
    Command("pictures", "pictures", "in whose mail pictures from the internet are shown"),
    Command("log", "log", "what accounts did and could not do"),
    Command("inspect", "inspect_files", "what mail files hold, always as JSON, without an account"),
    Command("open", "open_file", "the window of one mail file"),
    Command("engine", "engine_alone", "the engine alone"),
)

_DESCRIPTION = "Martlet, a mail client. Without a command: the window."

_EPILOG = """\
list and search print, with --json, one object a line:
  {id, account, folder, uid, subject, from, to, date, flags, tags, size, attachments, preview}
  from and to are texts ("Name <address>"), date is ISO 8601 in UTC ("2026-03-01T09:30:00Z") or
  null, flags and tags are lists, size is in bytes, attachments is how many there are.

exit status: 0 done, 1 refused or failed (one line on stderr says why), 2 wrong usage.
Everything of a profile lies below --profile DIR (or $MARTLET_PROFILE).
"""


class Parser(argparse.ArgumentParser):
    """Errors are one line; options are never guessed from their beginnings."""

    def __init__(self, **how: Any) -> None:
        super().__init__(allow_abbrev=False, **how)

    def error(self, message: str) -> NoReturn:
        line = " ".join(message.split())
        print(f"martlet: {line} (see {self.prog} --help)", file=sys.stderr)
        sys.exit(2)


def _common(*, above: bool) -> Parser:
    """--profile and --json, before or after the command; what is given later wins."""
    default = None if above else argparse.SUPPRESS
    common = Parser(add_help=False)
    common.add_argument(
        "--profile", metavar="DIR", default=default, help="everything of Martlet lies below DIR"
    )
    common.add_argument(
        "--json",
        action="store_true",
        default=False if above else argparse.SUPPRESS,
        help="print data as one JSON object a line",
    )
    common.add_argument(
        "--verbose",
        action="store_true",
        default=False if above else argparse.SUPPRESS,
        help="log to stderr as well",
    )
    return common


def common() -> Parser:
    """For subcommands of subcommands."""
    return _common(above=False)


def parse(argv: Sequence[str]) -> tuple[argparse.Namespace, Command | None]:
    """Exits with status 2 and one line when it cannot be understood."""
    parser = Parser(
        prog="martlet",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        parents=[_common(above=True)],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"martlet {__version__}")
    parser.add_argument("--demo", action="store_true", help="the window on real demo mail")
    parser.add_argument(
        "--screenshot", metavar="FILE", help="save a picture of the window once loaded, and quit"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    words = frozenset(argv)
    shared = common()
    for command in COMMANDS:
        if command.name not in words:
            commands.add_parser(command.name, help=command.line, add_help=False)
            continue
        sub = commands.add_parser(
            command.name, help=command.line, description=command.line, parents=[shared]
        )
        module(command).options(sub, command.name)
    args = parser.parse_args(argv)
    chosen = next((c for c in COMMANDS if c.name == args.command), None)
    return args, chosen


def module(command: Command) -> Any:
    return import_module(f"martlet.cli.{command.module}")
