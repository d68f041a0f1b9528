"""A TCP proxy on loopback that writes down what is said, line by line, who said it first."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from types import TracebackType

LONGEST = 200
_SECRET = re.compile(rb"(AUTHENTICATE \S+ |LOGIN \S+ )\S+")


class Recorder:
    """Passes connections on to `port`."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._said: list[tuple[str, bytes]] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Recorder:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def text(self) -> str:
        """The dialogue; passwords left out, long lines cut, "C: " and "S: " before each."""
        lines: list[str] = []
        for who, data in self._said:
            for line in _SECRET.sub(rb"\1...", data).split(b"\r\n"):
                if line:
                    words = line.decode("ascii", "replace")
                    cut = words if len(words) <= LONGEST else words[:LONGEST] + " ..."
                    lines.append(f"{who}: {cut}")
        return "\n".join(lines)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            for source, target, who in ((near, far, "C"), (far, near, "S")):
                threading.Thread(target=self._pass, args=(source, target, who), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, who: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                with self._lock:
                    if self._said and self._said[-1][0] == who:
                        self._said[-1] = (who, self._said[-1][1] + data)
                    else:
                        self._said.append((who, data))
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
