"""From argv to an exit status: 0 done, 1 refused or failed, 2 wrong usage. Errors are one line
on stderr; a bug is a stack in the log, never on the screen."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from martlet.cli import commands, output
from martlet.cli.context import Context, Services, Usage
from martlet.mail.errors import MailError
from martlet.paths import Profile, default_profile


def main(argv: Sequence[str], services: Services) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args, command = commands.parse(argv)
    profile = Profile(Path(args.profile)) if args.profile is not None else default_profile()
    if command is not None and (why := _unusable(profile.root)):
        output.error(f"The profile {profile.root} cannot be used: {why}.")
        return 1
    if args.verbose:
        from martlet import log

        log.setup(profile if profile.root.exists() else None, verbose=True)
    try:
        status = _run(args, command, profile, services)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except MailError as error:
        output.error(words(error))
        return 1
    except Usage as error:
        output.error(str(error))
        return 2
    except BrokenPipeError:
        # Whoever read has enough. What is still buffered must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        output.error("interrupted")
        return 1
    except Exception:
        _report(profile)
        return 1


def _unusable(root: Path) -> str:
    """Why nothing can be kept there, or ""; a folder that is not there yet can be made."""
    try:
        place = next(one for one in (root, *root.absolute().parents) if one.exists())
    except OSError as error:
        return (error.strerror or "unreadable").lower()
    if not place.is_dir():
        return f"{'it' if place == root else place} is no folder"
    if place == root and not os.access(root, os.R_OK | os.X_OK):
        return "you may not read it"
    return ""


def words(error: MailError) -> str:
    """An error as one line: who, what, and what the server or system said."""
    who = f"{error.account}: " if error.account and error.account not in error.summary else ""
    detail = f" ({error.detail})" if error.detail and error.detail != error.summary else ""
    return f"{who}{error.summary}{detail}"


def _run(args: Any, command: commands.Command | None, profile: Profile, services: Services) -> int:
    if command is not None:
        if args.demo:
            raise Usage("--demo is for the window, not for a command")
        status: int = commands.module(command).run(Context(profile, services, json=args.json), args)
        return status
    picture = Path(args.screenshot).absolute() if args.screenshot else None
    if picture is not None and not picture.parent.is_dir():
        raise Usage(f"there is no folder {picture.parent} for the picture")
    if args.demo:
        chosen = profile if args.profile is not None else None
        return services.run_demo(chosen, picture)
    return services.run_window(profile, picture)


def _report(profile: Profile) -> None:
    import logging

    from martlet import log

    place = "--verbose shows more"
    if profile.root.is_dir():
        with contextlib.suppress(OSError):
            log.setup(profile)
            place = f"{profile.log_file} has the details"
    logging.getLogger("martlet.cli").exception("a command failed")
    output.error(f"Something went wrong inside Martlet; {place}.")
