"""`martlet engine`: the engine alone. Ends when nobody uses it, or with --stay when told to."""

from __future__ import annotations

import argparse
from typing import Any

from martlet.cli.context import Context


def options(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--stay", action="store_true", help="also while nobody uses it")


def run(context: Context, args: Any) -> int:
    return context.services.run_engine(context.profile, args.stay)
