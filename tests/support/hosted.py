"""An engine hosted in the test's own process, found by windows as any other engine is.

    with hosted(profile, network=replace(INTERNET, ...)) as engine:
        link = EngineLink(lambda: connect(profile, start=False))

For what an engine in a process of its own cannot be told: how it reaches the network.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from martlet.engine.engine import Engine
from martlet.engine.network import INTERNET, Network
from martlet.engine.secrets import Secrets
from martlet.link.host import Host
from martlet.link.lock import ProfileLock
from martlet.paths import Profile


@contextlib.contextmanager
def hosted(
    profile: Profile, *, network: Network = INTERNET, secrets: Secrets | None = None
) -> Iterator[Engine]:
    """The profile's engine, with its workers; ended afterwards."""
    lock = ProfileLock(profile)
    if not lock.acquire():
        raise RuntimeError(f"{profile.root} has an engine already")
    try:
        engine = Engine(profile, network=network, secrets=secrets)
        try:
            engine.start()
            door = Host(profile, engine)
            try:
                yield engine
            finally:
                door.close()
        finally:
            engine.close()
    finally:
        lock.release()
