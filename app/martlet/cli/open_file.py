"""`martlet open FILE.eml`: the window of one mail file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from martlet.cli.context import Context
from martlet.mail.errors import Refused


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("file", metavar="FILE.eml")
    parser.add_argument("--screenshot", metavar="PICTURE", dest="picture", help="save and quit")
    parser.add_argument(
        "--remote-images",
        action="store_true",
        dest="pictures",
        help="fetch its pictures from the internet (never those that only tell that it is read)",
    )


def run(context: Context, args: Any) -> int:
    file = Path(args.file).absolute()
    if file.is_dir():
        raise Refused(f"{args.file} is a folder, not a mail file.")
    if not file.is_file():
        raise Refused(f"There is no file {args.file}.")
    picture = Path(args.picture).absolute() if args.picture else None
    return context.services.run_file(context.profile, file, picture, args.pictures)
