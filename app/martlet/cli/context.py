"""What a command is given: the profile, where to print, and the ways to mail.

The ways are callables made in `bootstrap`, so that no command knows where the engine runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from martlet.link.client import Asker
    from martlet.paths import Profile
    from martlet.store.reader import Reader


class Usage(Exception):
    """The command was given what makes no sense; ends it with exit status 2."""


@dataclass(frozen=True, slots=True)
class Services:
    """What a process can do beyond reading the store. Each answers an exit status, but for
    open_client. run_file: with its pictures from the internet or without."""

    open_client: Callable[[Profile], Asker]
    run_window: Callable[[Profile, Path | None], int]
    run_demo: Callable[[Profile | None, Path | None], int]
    run_file: Callable[[Profile, Path, Path | None, bool], int]
    run_engine: Callable[[Profile, bool], int]


class Context:
    """One run of one command."""

    def __init__(self, profile: Profile, services: Services, *, json: bool) -> None:
        self.profile = profile
        self.services = services
        self.json = json

    @cached_property
    def reader(self) -> Reader:
        """Reads the store; a profile that is not there yet reads as an empty one."""
        from martlet.store.reader import Reader

        return Reader(self.profile.root)

    @contextmanager
    def client(self) -> Iterator[Asker]:
        """The engine: a running one, or one hosted here until the block ends.

        After Ctrl+C nothing is waited for: a worker may hang on a silent server, and what is
        not committed has not happened.
        """
        client = self.services.open_client(self.profile)
        try:
            yield client
        except KeyboardInterrupt:
            raise
        except BaseException:
            client.close()
            raise
        client.close()
