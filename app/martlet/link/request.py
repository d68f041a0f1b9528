"""What every request to the engine is; the requests themselves are in `messages`."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

import msgspec

R = TypeVar("R")


class Request(msgspec.Struct, Generic[R], tag=True):
    """What is asked. `slow` ones run beside the others; all else runs in the order asked.

    aside: slow, and waits for strangers' servers: however many are asked, the other slow ones do
    not wait for them.
    """

    slow: ClassVar[bool] = False
    aside: ClassVar[bool] = False

    def __repr__(self) -> str:
        """The verb alone: requests hold passwords and mail, and a repr ends up in logs."""
        return f"<{type(self).__name__}>"
