"""Passes loopback connections on to another port; what goes by can be looked at, or held back."""

from __future__ import annotations

import contextlib
import socket
import threading
from functools import partial

from support.listener import Serving, end


class Relay(Serving):
    """Relays to `target` on loopback. `passing` says what of each piece goes on."""

    def __init__(self, target: int) -> None:
        super().__init__(lambda sock: partial(self._serve, sock), type(self).__name__)
        self._target = target

    def passing(self, data: bytes, *, from_client: bool) -> bytes:
        """What goes on of a piece just read; less than the whole ends the connection after it."""
        return data

    def _serve(self, near: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._target)) as far:
            self._listener.hold(far)
            back = threading.Thread(
                target=self._pass, args=(far, near), kwargs={"from_client": False}, daemon=True
            )
            back.start()
            self._pass(near, far, from_client=True)
            back.join()

    def _pass(self, source: socket.socket, target: socket.socket, *, from_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                going = self.passing(data, from_client=from_client)
                target.sendall(going)
                if len(going) < len(data):
                    break
        end(source)
        end(target)
