"""Log areas and what must not be in a log.

Areas are `logging.getLogger("martlet.<area>")`. Secrets are kept out where they are
handled; the redaction here is the second belt, and covers stacks too.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from martlet.paths import Profile

_LONGEST_LOG = 4 * 1024 * 1024

_SECRETS = (
    # password=..., 'password': '...', token: ... in text, JSON and reprs
    re.compile(
        r"""(?i)((?:password|passwd|secret|token|api_key)['"]?\s*[=:]\s*)"""
        r"""(?:b?'(?:[^'\\]|\\.)*'|b?"(?:[^"\\]|\\.)*"|[^\s,;)}\]'"]+)"""
    ),
    # IMAP: tag LOGIN user password, tag AUTHENTICATE MECHANISM initial-response
    re.compile(r"(?i)(\bLOGIN\s+(?:\"(?:[^\"\\]|\\.)*\"|\S+)\s+)(?:\"(?:[^\"\\]|\\.)*\"|\S+)"),
    re.compile(r"(?i)(\b(?:AUTHENTICATE|AUTH)\s+[A-Z0-9_-]+\s+)[A-Za-z0-9+/=]+"),
    # POP3: PASS password, APOP user digest
    re.compile(r"(\bPASS\s+)\S.*"),
    re.compile(r"(\bAPOP\s+\S+\s+)\S+"),
    # OAuth
    re.compile(r"(?i)(\bBearer\s+)[A-Za-z0-9._~+/=-]+"),
)


def redact(text: str) -> str:
    """The text with everything that looks like a secret replaced by `***`."""
    for pattern in _SECRETS:
        text = pattern.sub(r"\1***", text)
    return text


class _Redacting(logging.Formatter):
    """Redacts the finished line, so that arguments and stacks are covered too."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def setup(profile: Profile | None, verbose: bool = False) -> None:
    """Sends the areas to the profile's log file (if any) and, when verbose, to stderr.

    Safe to call again. A log that cannot be written is done without: mail goes first.
    """
    root = logging.getLogger("martlet")
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    root.propagate = False
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    line = _Redacting(
        f"%(asctime)s.%(msecs)03dZ {os.getpid()} %(levelname)s %(name)s: %(message)s",
        "%Y-%m-%dT%H:%M:%S",
    )
    handlers: list[logging.Handler] = []
    if profile is not None and (file := _file(profile)) is not None:
        handlers.append(file)
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers or [logging.NullHandler()]:
        handler.setFormatter(line)
        root.addHandler(handler)


def _file(profile: Profile) -> logging.FileHandler | None:
    """Several processes append to one file, so it is turned over only here, at a start."""
    path = profile.log_file
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _LONGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
