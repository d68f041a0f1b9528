"""Waiting for news: IDLE (RFC 2177) of the selected folder, NOTIFY (RFC 5465) of all.

    notify()  NOTIFY SET once; from then on STATUS and LIST come unasked, at any time
    idle()    IDLE ──"+"──> wait for data, the waker or the time ──> DONE ──> OK
Without IDLE it only waits, then asks by NOOP.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from martlet.mail.sync import FolderStatus
from martlet.net.connect import Waker, Woken
from martlet.net.imap_folders import read_status
from martlet.net.imap_names import Names
from martlet.net.imap_talk import Talk
from martlet.net.imap_wire import Continuation, Status

_EVENTS = b"(MessageNew MessageExpunge FlagChange)"
_EVENTS_ALL = b"(MessageNew MessageExpunge FlagChange MailboxName)"


@dataclass(frozen=True, slots=True)
class IdleNews:
    """Why a wait ended: something changed, or the waker was used; neither: the time was up.

    changed: the selected folder did. folders: what was told of others (NOTIFY), by name; what
    was not told is 0. listed: folders were made, renamed or deleted.
    """

    changed: bool
    woken: bool
    folders: dict[str, FolderStatus] = field(default_factory=dict)
    listed: bool = False


def notify(talk: Talk) -> bool:
    """Asks for news of all personal folders. False when it is not offered, or not given.

    The selected folder's news comes as ever.
    """
    if "NOTIFY" not in talk.capabilities:
        return False
    command = b"NOTIFY SET (selected-delayed %s) (personal %s)" % (_EVENTS, _EVENTS_ALL)
    talk.overflowed = False
    done = talk.finish(talk.send(command), tolerant=True)
    talk.keep_all(done.answers)
    return done.status.kind == "OK" and not talk.overflowed


def idle(talk: Talk, names: Names, waker: Waker, timeout_s: float) -> IdleNews:
    """Waits until something changes, the waker is used or the time is up."""
    if talk.unsolicited or talk.told:
        return _news(talk, names, woken=False)
    if "IDLE" not in talk.capabilities:
        talk.flush()
        woken = talk.line.wait(waker, timeout_s) is Woken.WAKER
        if not woken:
            talk.keep_all(talk.run(b"NOOP", doing="answer").answers)
    else:
        woken = _wait(talk, waker, timeout_s)
    return _news(talk, names, woken=woken)


def _wait(talk: Talk, waker: Waker, timeout_s: float) -> bool:
    until = time.monotonic() + timeout_s
    tag = talk.send(b"IDLE")
    idling = woken = False
    while True:
        while (response := talk.received()) is not None:
            if isinstance(response, Continuation):
                idling = True
            elif isinstance(response, Status) and response.tag:
                if response.tag == tag:
                    raise talk.failed("wait for news", response)
                talk.pass_over(response)
            else:
                talk.keep(response)
        if not idling:
            talk.read_more()
            continue
        # A server that never stops talking does not keep us here.
        if talk.unsolicited or talk.told or time.monotonic() >= until:
            break
        why = talk.line.wait(waker, max(0.0, until - time.monotonic()))
        if why is Woken.DATA:
            talk.read_more()
            continue
        woken = why is Woken.WAKER
        break
    talk.line.write(b"DONE\r\n")
    talk.keep_all(talk.finish(tag).answers)
    return woken


def _news(talk: Talk, names: Names, *, woken: bool) -> IdleNews:
    changed = bool(talk.unsolicited)
    talk.unsolicited.clear()
    folders: dict[str, FolderStatus] = {}
    listed = False
    while talk.told:
        answer = talk.told.popleft()
        if answer.name == "STATUS":
            raw, status = read_status(answer)
            folders[names.read(raw)] = status
        else:
            listed = True
    return IdleNews(changed, woken, folders, listed)
