"""Asking the desktop's programs over D-Bus: calls on the session bus, each bounded in time.

A bus or a service that is not there is an answer like any other: BusTrouble. Connecting itself has
no limit of time here, so callers do all of it in a PatientThread.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

CALL_S = 5.0
DBUS = "org.freedesktop.DBus"


class BusTrouble(Exception):
    """name: of the D-Bus error, or of what went wrong on the way. text: what was said with it."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.text = text


@dataclass(frozen=True, slots=True)
class Place:
    """An object's interface at a service."""

    service: str
    path: str
    interface: str


BUS = Place(DBUS, "/org/freedesktop/DBus", DBUS)


class Bus:
    """A connection to the session bus."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def call(
        self,
        place: Place,
        method: str,
        signature: str = "",
        arguments: tuple[object, ...] = (),
        timeout_s: float = CALL_S,
    ) -> tuple[Any, ...]:
        """What the method answers. Raises BusTrouble."""
        from jeepney import DBusAddress, MessageType, new_method_call

        address = DBusAddress(place.path, place.service, place.interface)
        message = new_method_call(address, method, signature or None, arguments)
        try:
            reply = self._connection.send_and_get_reply(message, timeout=timeout_s)
        except (OSError, ValueError, EOFError) as error:  # TimeoutError is an OSError
            raise BusTrouble(type(error).__name__) from None
        if reply.header.message_type is MessageType.error:
            from jeepney import HeaderFields

            name = str(reply.header.fields.get(HeaderFields.error_name, ""))
            text = reply.body[0] if reply.body and isinstance(reply.body[0], str) else ""
            raise BusTrouble(name, text)
        body: tuple[Any, ...] = reply.body
        return body

    def owned(self, service: str) -> bool:
        """Whether a program has this name now, or would be started for it."""
        if self.call(BUS, "NameHasOwner", "s", (service,))[0]:
            return True
        return service in self.call(BUS, "ListActivatableNames")[0]


@contextmanager
def session_bus() -> Iterator[Bus]:
    """Connected for the block. BusTrouble where there is no session bus."""
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        # jeepney would look for a bus of this user at its usual place; so do other programs.
        here = os.environ.get("XDG_RUNTIME_DIR", "")
        if not here or not os.path.exists(os.path.join(here, "bus")):
            raise BusTrouble("NoBus")
    from jeepney.auth import AuthenticationError
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.wrappers import DBusErrorResponse

    try:
        connection = open_dbus_connection("SESSION")
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise BusTrouble(type(error).__name__) from None
    except (AuthenticationError, DBusErrorResponse) as error:
        raise BusTrouble(type(error).__name__) from None
    try:
        yield Bus(connection)
    finally:
        connection.close()


def plain(value: object) -> object:
    """A D-Bus variant's value."""
    return value[1] if isinstance(value, tuple) and len(value) == 2 else value
