"""Keyrings for tests, with the calls of a real backend: one in memory, and some in trouble."""

from __future__ import annotations

import threading


class DictVault:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class TalkativeVault(DictVault):
    """One in trouble, whose words hold what nobody may see."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("locked, and the password is hunter2")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"not written: {password}")


class KeyringLocked(Exception):
    """Named as `keyring` and secretstorage name theirs."""


class LockedVault(DictVault):
    """One that nobody unlocks."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("hunter2")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("hunter2")


class HangingVault(DictVault):
    """One that does not answer while `hangs`. release: lets those who wait go on."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs = True
        self.asked = 0
        self._let_go = threading.Event()

    def release(self) -> None:
        self.hangs = False
        self._let_go.set()

    def get_password(self, service: str, username: str) -> str | None:
        self._wait()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._wait()
        super().set_password(service, username, password)

    def _wait(self) -> None:
        self.asked += 1
        if self.hangs:
            self._let_go.wait()


class VanishingVault(DictVault):
    """One that is there until it is `gone`."""

    gone = False

    def get_password(self, service: str, username: str) -> str | None:
        self._look()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._look()
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self._look()
        super().delete_password(service, username)

    def _look(self) -> None:
        if self.gone:
            raise ConnectionResetError("the bus is gone; hunter2")
