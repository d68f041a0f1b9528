"""What must be done to make a folder here the same as on its server. Pure.

What is known here        | what SELECT says                    | steps
--------------------------|-------------------------------------|---------------------------------
nothing (state all 0)     | anything                            | compare uids
UIDVALIDITY v             | another UIDVALIDITY                 | forget, compare uids
UIDNEXT n                 | a lower one, or MODSEQ lower        | compare uids, all flags
CONDSTORE, same UIDNEXT,  | EXISTS as many as here              | nothing
  same MODSEQ             |                                     |
CONDSTORE                 | MODSEQ higher                       | flags since MODSEQ
no CONDSTORE              | anything                            | flags: all if due, else newest 500
any of the last three     | UIDNEXT higher, or EXISTS that does | compare uids
                          |   not add up                        |

"Compare uids" asks for all uids (5 ms for 20,000 on loopback), removes what is gone and fetches
what
is new, newest first. RFC 9051 2.3.1.1 says when uids may be trusted, RFC 7162 what MODSEQ means.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from martlet.mail.sync import SyncState

NEWEST_FLAGS = 500


class Step(Enum):
    """One thing to do, in the order planned."""

    FORGET = "forget"
    COMPARE_UIDS = "compare_uids"
    FLAGS_SINCE = "flags_since"
    FLAGS_NEWEST = "flags_newest"
    FLAGS_ALL = "flags_all"


@dataclass(frozen=True, slots=True)
class Local:
    """What the store knows of the folder. known: rows that have a uid."""

    state: SyncState
    known: int
    flags_due: bool


@dataclass(frozen=True, slots=True)
class Remote:
    """What the server says of it. modseq 0: it keeps none (NOMODSEQ, or no CONDSTORE)."""

    exists: int
    uid_validity: int
    uid_next: int
    modseq: int


def plan(local: Local, remote: Remote, *, condstore: bool) -> tuple[Step, ...]:
    """The steps, in order; empty when nothing changed."""
    state = local.state
    if state.uid_validity == 0:
        return (Step.COMPARE_UIDS,) if local.known == 0 else (Step.COMPARE_UIDS, Step.FLAGS_ALL)
    if state.uid_validity != remote.uid_validity:
        return (Step.FORGET, Step.COMPARE_UIDS)
    # A server without UIDNEXT says 0: then nothing can be concluded from it.
    backwards = 0 < remote.uid_next < state.uid_next or 0 < remote.modseq < state.modseq
    if backwards:
        return (Step.COMPARE_UIDS, Step.FLAGS_ALL)
    steps: list[Step] = []
    moved_on = remote.uid_next != state.uid_next or remote.uid_next == 0
    if moved_on or remote.exists != local.known:
        steps.append(Step.COMPARE_UIDS)
    if condstore and remote.modseq and state.modseq:
        if remote.modseq > state.modseq:
            steps.append(Step.FLAGS_SINCE)
    elif local.known:
        steps.append(Step.FLAGS_ALL if local.flags_due else Step.FLAGS_NEWEST)
    return tuple(steps)
