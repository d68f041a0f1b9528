"""What is to be done about a POP3 mailbox: pure, from what the server lists and what is known.

    listed, with a name     known here          done
    new                     no                  fetched whole, or only its header
    known                   whole               left, or deleted there as the account says
    known                   its header          left until it is asked for, or all is wanted
    known, other size       yes                 its header tells whether the name was given again
    not listed any more     yes                 remembered for a while, so that it comes once only
    listed again            had left            left alone: whoever put it back wants it there
    many names new at once  as many are gone    recognised by their headers, not fetched again
    without a name          by its header       fetched once, never deleted

What cannot be told apart for certain is never deleted. Nothing is deleted by the account's rules
that is not here whole.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from martlet.mail.account import Account
from martlet.mail.message import Envelope
from martlet.net.pop3 import Listed
from martlet.store.pop3 import Seen, Wanted

DAY_S = 86_400.0
MB = 1_000_000
# Servers reckon a message's size; one that has lost more on its way than this is not all here.
_SLACK = 1024
_LONGEST_MARK = 500
_UNNAMED = "header:"


@dataclass(frozen=True, slots=True)
class Rules:
    """What an account wants. limit: bytes of which only the header comes, 0 for any size.

    leave: mail stays there, but for what `days`, `count` and `mb` say (0: no bound).
    gone_there: what is deleted here for good is deleted there. tops: the server has TOP.
    """

    leave: bool = True
    days: int = 0
    count: int = 0
    mb: int = 0
    gone_there: bool = True
    headers: bool = False
    limit: int = 0
    tops: bool = True

    @property
    def keeps_all(self) -> bool:
        """Nothing goes there but what is deleted here."""
        return self.leave and not (self.days or self.count or self.mb)


@dataclass(frozen=True, slots=True)
class Plan:
    """Message numbers, oldest first, and changes of what is known, by key.

    ask: look at these headers first and plan again; then all else is empty.
    keys: what each message is remembered under. sure: those that may be deleted.
    whole, headers, stubs: what is new; stubs are too large and the server shows no headers.
    rest: known by their headers only, and wanted whole now.
    renamed: (old, new) key. gone: not listed any more. back: listed again. unnamed: how many
    cannot be told apart at all.
    """

    ask: tuple[int, ...] = ()
    keys: dict[int, str] = field(default_factory=dict)
    sure: frozenset[int] = frozenset()
    whole: tuple[int, ...] = ()
    headers: tuple[int, ...] = ()
    stubs: tuple[int, ...] = ()
    rest: tuple[int, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    resized: tuple[tuple[str, int], ...] = ()
    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    unnamed: int = 0


def rules(account: Account, *, tops: bool, headers: bool) -> Rules:
    """headers: for now, only those are wanted."""
    return Rules(
        account.leave_on_server,
        account.leave_days,
        account.leave_count,
        account.leave_mb,
        account.delete_there,
        headers or account.summary_first,
        account.limit_kb * 1024,
        tops,
    )


def mark(head: Envelope) -> str:
    """What a message is recognised by when its name has changed: its Message-ID, or who wrote what
    when."""
    if head.message_id:
        return head.message_id[:_LONGEST_MARK]
    told = (head.subject, head.sender.address, head.date, [to.address for to in head.to])
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()


def plan(
    listed: Mapping[int, Listed],
    seen: Mapping[str, Seen],
    wants: Rules,
    marks: Mapping[int, str] | None = None,
) -> Plan:
    """marks: by number, of those that an earlier plan asked for; "" where there is none."""
    keys, doubtful = _keys(listed, seen, marks or {})
    changed = {
        number
        for number, key in keys.items()
        if key in seen and _other_size(listed[number], seen[key])
    }
    fresh = {number for number, key in keys.items() if key not in seen}
    lost = _lost(keys, seen, fresh)
    sizes = {one.size for one in lost.values()}
    again = {
        n
        for n in fresh
        if lost and n not in doubtful and ({0, listed[n].size} & sizes or not listed[n].size)
    }
    if marks is None and wants.tops:
        nameless = {number for number, one in listed.items() if not one.uidl}
        if asked := nameless | changed | again:
            return Plan(ask=tuple(sorted(asked)))
    known: dict[int, Seen] = {n: seen[key] for n, key in keys.items() if key in seen}
    new: list[int] = []
    resized: list[tuple[str, int]] = []
    unsure = set(doubtful)
    for number in sorted(changed):
        said, one = (marks or {}).get(number, ""), known[number]
        if said and one.mark and said != one.mark:
            new.append(number)
            del known[number]
        elif said and said == one.mark:
            resized.append((keys[number], listed[number].size))
        else:
            unsure.add(number)
    renamed = _renamed(again, listed, keys, lost, marks or {})
    for number, old in renamed.items():
        known[number] = seen[old]
    new += [number for number in fresh if number not in renamed]
    resized += [
        (keys[n], listed[n].size)
        for n, one in known.items()
        if not one.size and listed[n].size and n not in renamed
    ]
    found = set(keys.values()) | set(renamed.values())
    fetched = _by_size(sorted(new), listed, wants)
    return Plan(
        keys=keys,
        sure=frozenset(n for n in keys if n not in unsure),
        whole=fetched[0],
        headers=fetched[1],
        stubs=fetched[2],
        rest=tuple(
            n
            for n, one in sorted(known.items())
            if one.here and not one.whole and not _only_header(listed[n].size, wants)
        ),
        renamed=tuple((old, keys[n]) for n, old in sorted(renamed.items())),
        resized=tuple(resized),
        gone=tuple(key for key, one in seen.items() if not one.gone_at and key not in found),
        back=tuple(keys[n] for n, one in sorted(known.items()) if one.gone_at),
        unnamed=len(listed) - len(keys),
    )


def deletions(
    listed: Mapping[int, Listed],
    seen: Mapping[str, Seen],
    wants: Rules,
    made: Plan,
    now: float,
) -> list[int]:
    """What may be deleted there, by what is known after all that was fetched is stored for good."""
    due: list[int] = []
    rank = size = 0
    for number in sorted(listed, reverse=True):
        rank += 1
        size += listed[number].size
        one = seen.get(made.keys.get(number, ""))
        if one is None or number not in made.sure or one.gone_at:
            continue
        asked = one.wanted is Wanted.PLAINLY or (one.wanted is Wanted.WITH_IT and wants.gone_there)
        over = (wants.count and rank > wants.count) or (wants.mb and size > wants.mb * MB)
        old = wants.days and one.seen_at < now - wants.days * DAY_S
        if asked or ((not wants.leave or over or old) and _is_had(one)):
            due.append(number)
    return due[::-1]


def _keys(
    listed: Mapping[int, Listed], seen: Mapping[str, Seen], marks: Mapping[int, str]
) -> tuple[dict[int, str], set[int]]:
    """The key of each message, and those that cannot be told from another for certain."""
    keys: dict[int, str] = {}
    doubtful: set[int] = set()
    taken: Counter[str] = Counter()
    names = {one.uidl for one in listed.values()}
    free = _by_mark({key: one for key, one in seen.items() if key.partition(" #")[0] not in names})
    for number, one in sorted(listed.items()):
        name = one.uidl
        if not name:
            said = marks.get(number, "")
            if not said:
                continue
            doubtful.add(number)
            known = [key for key in free.get(said, ()) if _may_be(one, seen[key])]
            if known:
                # Named once, or brought by its header before.
                free[said].remove(known[0])
                keys[number] = known[0]
                continue
            name = f"{_UNNAMED}{one.size} {said}"
        taken[name] += 1
        # No name holds a space (RFC 1939, 7).
        keys[number] = name if taken[name] == 1 else f"{name} #{taken[name]}"
    for number, one in listed.items():
        if number in keys and (taken[one.uidl] > 1 or f"{one.uidl} #2" in seen):
            doubtful.add(number)
    return keys, doubtful


def _by_mark(known: Mapping[str, Seen]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, one in known.items():
        if one.mark:
            found.setdefault(one.mark, []).append(key)
    return found


def _may_be(one: Listed, known: Seen) -> bool:
    """By size, as far as that is known."""
    return not _other_size(one, known)


def _other_size(one: Listed, known: Seen) -> bool:
    return bool(one.size and known.size and one.size != known.size)


def _lost(keys: Mapping[int, str], seen: Mapping[str, Seen], fresh: set[int]) -> dict[str, Seen]:
    """What has vanished, when that is so much that the server seems to have named all anew; and
    always what had no name, which may have one now."""
    there = {key: one for key, one in seen.items() if not one.gone_at}
    names = set(keys.values())
    lost = {key: one for key, one in there.items() if key not in names}
    if not fresh:
        return {}
    if 2 * len(lost) >= len(there):
        return lost
    return {key: one for key, one in lost.items() if key.startswith(_UNNAMED)}


def _renamed(
    again: set[int],
    listed: Mapping[int, Listed],
    keys: Mapping[int, str],
    lost: Mapping[str, Seen],
    marks: Mapping[int, str],
) -> dict[int, str]:
    """number -> old key, of what is known under another name."""
    free = _by_mark(lost)
    found: dict[int, str] = {}
    for number in sorted(again):
        for key in free.get(marks.get(number, ""), ()):
            if _may_be(listed[number], lost[key]):
                free[marks[number]].remove(key)
                found[number] = key
                break
    return found


def _only_header(size: int, wants: Rules) -> bool:
    return wants.headers or bool(wants.limit and size > wants.limit)


def _by_size(
    numbers: list[int], listed: Mapping[int, Listed], wants: Rules
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Those to be fetched whole, by their headers, and not at all."""
    small = [n for n in numbers if not _only_header(listed[n].size, wants)]
    others = [n for n in numbers if _only_header(listed[n].size, wants)]
    if wants.tops:
        return tuple(small), tuple(others), ()
    large = [n for n in others if wants.limit and listed[n].size > wants.limit]
    return tuple(n for n in numbers if n not in set(large)), (), tuple(large)


def _is_had(one: Seen) -> bool:
    """Whether its bytes are here, or were until the user deleted them."""
    if not one.message or (one.here and not one.whole):
        return False
    return not one.here or not one.size or one.stored + _SLACK + one.size // 10 >= one.size
