"""What is on its way for a person, or was given up halfway, by message and part.

    (nothing) --began--> running --ended--> kept (so much is here, it goes on there) or forgotten

A message that is left and opened again shows its downloads from here. The server counts bytes with
their encoding; what is told to people is what the file will have, everywhere the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from martlet.mail.changes import Progress, Unit
from martlet.mail.message import Attachment, MessageId

WHOLE = ""


@dataclass(slots=True)
class Transfer:
    """One part. name: as the engine tells of it, "" for the rest of a message. In decoded bytes."""

    name: str
    size: int
    done: int = 0
    running: bool = True


class Downloads:
    """For one pane. Told what is asked for, what came of it, and of progress."""

    def __init__(self) -> None:
        self._known: dict[tuple[MessageId, str], Transfer] = {}

    @property
    def running(self) -> bool:
        """Whether anybody waits for anything."""
        return any(each.running for each in self._known.values())

    def began(self, message: MessageId, attachment: Attachment) -> None:
        """An attachment is asked for; what is here of it already counts."""
        fresh = Transfer(attachment.filename, attachment.size)
        self._known.setdefault((message, attachment.part), fresh).running = True

    def rest_began(self, message: MessageId, size: int) -> None:
        """All of a message that is not here is asked for."""
        self._known[message, WHOLE] = Transfer("", size)

    def ended(self, message: MessageId, part: str = WHOLE) -> None:
        """It came, or it will not."""
        found = self._known.get((message, part))
        if found is not None:
            found.running = False
            if not 0 < found.done < found.size:
                del self._known[message, part]

    def came(self, message: MessageId, attachments: tuple[Attachment, ...]) -> None:
        """What is not here of a message now: nothing is kept halfway of the others."""
        absent = {each.part for each in attachments if not each.here}
        for part in [part for known, part in self._known if known == message and part]:
            if part not in absent:
                del self._known[message, part]
        if not absent:
            self._known.pop((message, WHOLE), None)

    def stop(self) -> None:
        """Nothing is waited for any more."""
        for message, part in list(self._known):
            self.ended(message, part)

    def of(self, message: MessageId) -> dict[str, Transfer]:
        """What runs or is kept of a message, by part."""
        return {part: each for (known, part), each in self._known.items() if known == message}

    def heard(self, progress: Progress) -> Progress:
        """Takes it down; the same in decoded bytes where those are known."""
        found = self._of(progress)
        if found is None or progress.unit is not Unit.BYTES or not progress.total:
            return progress
        share = min(1.0, progress.done / progress.total)
        found.done = round(found.size * share)
        if not found.name and share == 1.0:
            found.running = False
        return replace(progress, done=found.done, total=found.size)

    def _of(self, progress: Progress) -> Transfer | None:
        """By its name; one the engine knows by another name is the only one that is waited for."""
        mine = [(p, t) for (m, p), t in self._known.items() if m == progress.message_id]
        named = [each for _part, each in mine if each.name == progress.what]
        if not named:
            named = [each for _part, each in mine if each.running]
        return named[0] if len(named) == 1 else None
