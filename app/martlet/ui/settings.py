"""What the window remembers from one run to the next: a small JSON file of the profile."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

_log = logging.getLogger("martlet.ui")


class Settings:
    """Names and plain values. Damage means defaults; nothing here is worth an error.

    file: None: they are kept for this run only.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._values: dict[str, object] = {}
        if file is None:
            return
        try:
            read = json.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            _log.warning("settings are not readable, defaults are used: %s", error)
            return
        if isinstance(read, dict):
            self._values = read

    def has(self, name: str) -> bool:
        """Whether anything was ever kept under this name."""
        return name in self._values

    def text(self, name: str) -> str:
        value = self._values.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        value = self._values.get(name)
        return value if isinstance(value, int) else 0

    def put(self, **values: str | int) -> None:
        """Writes these beside what is there already, all or nothing."""
        self._values.update(values)
        if self._file is None:
            return
        new = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.write_text(json.dumps(self._values, indent=1, sort_keys=True), "utf-8")
            os.replace(new, self._file)
        except OSError as error:
            _log.warning("settings could not be saved: %s", error)
