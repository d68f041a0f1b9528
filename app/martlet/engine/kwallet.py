"""KDE's KWallet as a keyring, for desktops whose wallet does not speak for the Secret Service.

Spoken to over D-Bus (org.kde.KWallet): the backend that `keyring` has wants GLib's bindings. Each
question opens the wallet anew, which asks the person only while it is locked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from martlet.engine.dbus import Bus, BusTrouble, Place, session_bus

_NAMES = ("kwalletd6", "kwalletd5")
_APP = "Martlet"
# Opening may wait for the person; whoever asked gives up first (see vault.ASK_S).
_PROMPT_S = 115.0


class KeyringLocked(Exception):
    """The person closed the prompt, or the wallet is switched off."""


class KWallet:
    """One wallet service. Raises BusTrouble or KeyringLocked."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @classmethod
    def found(cls) -> KWallet | None:
        """The one that runs here or can be started, or None."""
        try:
            with session_bus() as bus:
                for name in _NAMES:
                    if bus.owned(f"org.kde.{name}"):
                        place = Place(f"org.kde.{name}", f"/modules/{name}", "org.kde.KWallet")
                        return cls(place) if bus.call(place, "isEnabled")[0] else None
        except BusTrouble:
            return None
        return None

    def get_password(self, service: str, username: str) -> str | None:
        with self._open() as (bus, handle):
            entry = (handle, service, username, _APP)
            if not bus.call(self._place, "hasEntry", "isss", entry)[0]:
                return None
            return str(bus.call(self._place, "readPassword", "isss", entry)[0])

    def set_password(self, service: str, username: str, password: str) -> None:
        with self._open() as (bus, handle):
            entry = (handle, service, username, password, _APP)
            if bus.call(self._place, "writePassword", "issss", entry)[0] != 0:
                raise BusTrouble("NotWritten")

    def delete_password(self, service: str, username: str) -> None:
        with self._open() as (bus, handle):
            entry = (handle, service, username, _APP)
            if bus.call(self._place, "removeEntry", "isss", entry)[0] != 0:
                raise BusTrouble("NotRemoved")

    @contextmanager
    def _open(self) -> Iterator[tuple[Bus, int]]:
        with session_bus() as bus:
            wallet = bus.call(self._place, "networkWallet")[0]
            opening = (wallet, 0, _APP)
            handle = int(bus.call(self._place, "open", "sxs", opening, _PROMPT_S)[0])
            if handle < 0:
                raise KeyringLocked
            yield bus, handle
