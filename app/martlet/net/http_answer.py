"""One answer of HTTP/1.1 read from a line (RFC 9112), within a size; distrustful of what comes.

How long it may take is the matter of who made the line (`web_line`). What is asked, where it leads
on to and what an answer means is for the callers. No compression, one request a connection.
"""

from __future__ import annotations

from martlet.mail.errors import BadServer, Offline
from martlet.net.line import Line

_HEAD_LINE = 16_384
_HEAD_LINES = 200
_INTERIM = 5


class Answer:
    """status: of HTTP. headers: by their names in small letters, of several the last.

    No repr shows the body: it may hold tokens. Reading raises Offline (ended too soon) or BadServer
    (no HTTP, too large).
    """

    def __init__(self, line: Line) -> None:
        """Reads the head; the body is read when it is wanted."""
        self._line = line
        for _ in range(_INTERIM):
            self.status = self._read_status()
            self.headers = self._read_headers()
            if self.status >= 200:  # 1xx come before the answer
                return
        raise self._broken("more than five interim answers")

    def __repr__(self) -> str:
        return f"<Answer {self.status}>"

    def body(self, limit: int) -> bytes:
        """All of it. BadServer for more than `limit` bytes."""
        if self.status in (204, 304):
            return b""
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return self._chunks(limit)
        length = self.headers.get("content-length")
        if length is not None:
            return self._exact(self._number(length, 10, limit))
        return self._rest(limit)

    def _text(self) -> str:
        return self._line.read_line(_HEAD_LINE).decode("latin-1").rstrip("\r\n")

    def _read_status(self) -> int:
        version, _, rest = self._text().partition(" ")
        status = rest[:3]
        if not version.startswith("HTTP/1.") or not (status.isascii() and status.isdecimal()):
            raise self._broken("no status line")
        return int(status)

    def _read_headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        for _ in range(_HEAD_LINES):
            text = self._text()
            if not text:
                return headers
            name, _, value = text.partition(":")
            headers[name.strip().lower()] = value.strip()
        raise self._broken("too many header lines")

    def _number(self, text: str, base: int, limit: int) -> int:
        digits = "0123456789abcdef"[:base]
        if not text or len(text) > 12 or set(text.lower()) - set(digits):
            raise self._broken("no length")
        if int(text, base) > limit:
            raise self._large(limit)
        return int(text, base)

    def _exact(self, count: int) -> bytes:
        body = bytearray()
        while len(body) < count:
            body += self._line.read_some()
        return bytes(memoryview(body)[:count])

    def _chunks(self, limit: int) -> bytes:
        body = bytearray()
        while True:
            size = self._number(self._text().partition(";")[0].strip(), 16, limit)
            if not size:
                return bytes(body)
            if len(body) + size > limit:
                raise self._large(limit)
            body += self._line.read_exact(size)
            if self._text():
                raise self._broken("a chunk without its end")

    def _rest(self, limit: int) -> bytes:
        body = bytearray()
        while len(body) <= limit:
            try:
                body += self._line.read_some()
            except Offline:
                # Without a length the end of the line is the end of the answer; whether it was
                # ended because its time is over, who made it knows.
                return bytes(body)
        raise self._large(limit)

    def _large(self, limit: int) -> BadServer:
        host = self._line.server.host
        return BadServer(f"{host} sent more than the {limit} bytes that were to be expected.")

    def _broken(self, why: str) -> BadServer:
        host = self._line.server.host
        return BadServer(f"{host} does not speak HTTP as it should.", why)
