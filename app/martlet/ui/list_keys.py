"""Sort keys of a list, newest first, and which stretches of it come and go. Knows nothing of Qt."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence


def place_of(keys: array[int], key: int) -> int:
    """Where this key stands, or would stand."""
    return bisect_left(keys, -key, key=int.__neg__)


def position_of(keys: array[int], key: int) -> int:
    """Where this key stands, or -1."""
    at = place_of(keys, key)
    return at if at < len(keys) and keys[at] == key else -1


def insertions(
    keys: array[int], fresh: Sequence[int], *, complete: bool
) -> list[tuple[int, list[int]]]:
    """Where those of `fresh` (newest first) that are not there go, neighbours together.

    The last place comes first, so that the others still hold while they are put in. Not
    complete: what is older than the oldest key is left out, since the loading comes to it.
    """
    oldest = keys[-1] if keys else None
    groups: list[tuple[int, list[int]]] = []
    for key in fresh:
        if not complete and oldest is not None and key < oldest:
            continue
        at = place_of(keys, key)
        if at < len(keys) and keys[at] == key:
            continue
        if groups and groups[-1][0] == at:
            groups[-1][1].append(key)
        else:
            groups.append((at, [key]))
    groups.reverse()
    return groups


def stretches(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring positions as (first, last), the last stretch first."""
    found: list[tuple[int, int]] = []
    for at in sorted(set(positions), reverse=True):
        if found and found[-1][0] == at + 1:
            found[-1] = (at, found[-1][1])
        else:
            found.append((at, at))
    return found
