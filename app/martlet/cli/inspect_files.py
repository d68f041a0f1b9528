"""`martlet inspect FILE...`: mail files read without an account; what is printed is made by
`cli.inspect`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from martlet.cli.context import Context


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+")


def run(context: Context, args: Any) -> int:
    from martlet.cli.inspect import inspect

    return inspect(args.files, sys.stdout)
