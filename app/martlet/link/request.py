"""What every request to the engine is; the requests themselves are in `messages`."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Generic, TypeVar

import msgspec

R = TypeVar("R")


class Request(msgspec.Struct, Generic[R], tag=True):
    """What is asked. `slow` ones run beside the others; all else runs in the order asked.

    aside: slow, and waits for strangers' servers: however many are asked, no others wait for them,
    but those of their kind, in turn with those of another owner.
    """

    slow: ClassVar[bool] = False
    aside: ClassVar[bool] = False

    @property
    def whose(self) -> Hashable:
        """Among those aside, whom it is asked for."""
        return None

    def __repr__(self) -> str:
        """The verb alone: requests hold passwords and mail, and a repr ends up in logs."""
        return f"<{type(self).__name__}>"
