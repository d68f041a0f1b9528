"""A line to a server: a connected socket, plain or TLS, read through a bounded buffer.

It knows bytes and lines, timeouts and how to wait; nothing of any mail protocol. Connecting and
the TLS policy are in `connect.py`. Used by one thread; only `close` may be called from another.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from enum import Enum

from martlet.mail.account import Security, Server
from martlet.mail.errors import BadServer, MailError, Offline, TlsRefused
from martlet.mail.host_name import ascii_name
from martlet.net.deflate import Deflated
from martlet.net.trouble import own_certificate, tls_expected, translate, where
from martlet.net.waker import Waker

CHUNK = 65_536
LINE_LIMIT = 65_536
SLOW_AFTER = 5  # times the timeout that what is read may take in all, unless it comes at
SLOW_BYTES_S = 200  # so many bytes a second


class Woken(Enum):
    """Why a wait ended."""

    DATA = "data"
    WAKER = "waker"
    TIMEOUT = "timeout"


class Line:
    """A connected socket. Every method raises only MailErrors.

    timeout_s: how long one read or write may stand still. Who drips, so that nothing ever stands
    still, is not waited for either (SLOW_AFTER); `read_some` is content with whatever comes.
    bytes_in, bytes_out: what has gone over it so far, without TLS's own overhead; compressed
    where it is. broken: it has ended, stood still for too long, or been closed.
    """

    def __init__(
        self,
        sock: socket.socket,
        server: Server,
        timeout_s: float,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.server = server
        self.bytes_in = 0
        self.bytes_out = 0
        self.broken = False
        self._socket = sock
        self._buffer = bytearray()
        self._timeout_s = timeout_s
        self._deflated: Deflated | None = None
        self._clock = clock
        self._begun: float | None = None  # when what is being read was first waited for
        self._begun_at = 0  # and how much had come by then
        sock.settimeout(timeout_s)

    @property
    def tls(self) -> bool:
        """Whether what is written now is encrypted."""
        return isinstance(self._socket, ssl.SSLSocket)

    @property
    def verified(self) -> bool:
        """Whether the server has proved its name by a trusted certificate; a pin proves nothing."""
        found = self._socket
        return isinstance(found, ssl.SSLSocket) and found.context.verify_mode is ssl.CERT_REQUIRED

    @property
    def peer_certificate(self) -> bytes:
        """The server's certificate in DER form, b"" without TLS."""
        if isinstance(self._socket, ssl.SSLSocket):
            return self._socket.getpeercert(binary_form=True) or b""
        return b""

    @property
    def timeout_s(self) -> float:
        """How long one read or write may stand still."""
        return self._timeout_s

    @timeout_s.setter
    def timeout_s(self, seconds: float) -> None:
        self._timeout_s = seconds
        with contextlib.suppress(OSError):
            self._socket.settimeout(seconds)

    def require_private(self) -> None:
        """Raises TlsRefused unless credentials may be sent: over TLS, or as the account says."""
        if not self.tls and self.server.security is not Security.NONE:
            raise TlsRefused(
                f"The connection to {self.server.host} is not encrypted, "
                "so the password is not sent."
            )

    def read_line(self, limit: int = LINE_LIMIT) -> bytes:
        """The next line with its line end. BadServer beyond `limit` bytes, Offline at the end."""
        looked = 0
        while True:
            end = self._buffer.find(b"\n", looked)
            if end > limit or (end < 0 and len(self._buffer) > limit):
                raise BadServer(f"{self.server.host} sent a line longer than {limit} bytes.")
            if end >= 0:
                return self._take(end + 1)
            looked = len(self._buffer)
            self._fill()

    def read_exact(self, count: int) -> bytes:
        """Exactly `count` bytes."""
        while len(self._buffer) < count:
            self._fill(max(CHUNK, min(count - len(self._buffer), 1 << 20)))
        return self._take(count)

    def peek(self, count: int) -> bytes:
        """The next `count` bytes, left to be read again."""
        while len(self._buffer) < count:
            self._fill()
        self._begun = None
        return bytes(self._buffer[:count])

    def read_until(self, mark: bytes, limit: int) -> bytes:
        """Everything up to and with `mark`. BadServer beyond `limit` bytes."""
        looked = 0
        while (found := self._buffer.find(mark, looked)) < 0:
            looked = max(0, len(self._buffer) - len(mark) + 1)
            if looked > limit:
                raise BadServer(f"{self.server.host} sent more than {limit} bytes in one piece.")
            self._fill(CHUNK * 4)
        return self._take(found + len(mark))

    def read_some(self, *, goes_on: bool = False) -> bytes:
        """What is there, at least one byte; waits when there is nothing.

        goes_on: it is a piece of what is still coming, which is not waited for when it drips.
        """
        if not self._buffer:
            self._fill()
        begun = self._begun
        taken = self._take(len(self._buffer))
        if goes_on:
            self._begun = begun
        return taken

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Writes all of it. The timeout is for each 64 KB, not for the whole."""
        whole = memoryview(data)
        for start in range(0, len(whole), CHUNK):
            piece: bytes | memoryview = whole[start : start + CHUNK]
            if self._deflated is not None:
                piece = self._deflated.deflate(piece)
            try:
                self._socket.sendall(piece)
            except (OSError, ValueError) as error:
                raise self._lost(error) from None
            self.bytes_out += len(piece)

    def upgrade(self, context: ssl.SSLContext) -> None:
        """Starts TLS; what the server said in plain text and nobody read is thrown away.

        Raises ssl and OS errors untranslated: `connect.py` must tell them apart.
        """
        self._buffer.clear()
        host = self.server.host
        known = host if host.isascii() else ascii_name(host)
        # Where the other side has hung up, `ssl` answers a socket without TLS, or leaves one open.
        self._socket.getpeername()
        self._socket = private = context.wrap_socket(
            self._socket, server_hostname=known, do_handshake_on_connect=False
        )
        try:
            private.do_handshake()
        except BaseException:
            private.close()
            raise

    def start_deflate(self, rest: bytes) -> None:
        """All that comes after is compressed, both ways. rest: what was read beyond the go-ahead.

        BadServer when that is no deflate stream.
        """
        self._deflated = Deflated()
        data = rest + bytes(self._buffer)
        self._buffer.clear()
        if data:
            self._inflate(data)

    def wait(self, waker: Waker, timeout_s: float) -> Woken:
        """Waits for data, a wake or the time. Data goes first; it is left to be read."""
        until = time.monotonic() + timeout_s
        try:
            if self._ready():
                return Woken.DATA
            with selectors.DefaultSelector() as selector:
                selector.register(self._socket, selectors.EVENT_READ, Woken.DATA)
                selector.register(waker, selectors.EVENT_READ, Woken.WAKER)
                while True:
                    ready = selector.select(max(0.0, until - time.monotonic()))
                    why = {key.data for key, _ in ready}
                    # Over TLS readable may mean a session ticket only, with nothing to read.
                    if Woken.DATA in why and self._arrived():
                        return Woken.DATA
                    if Woken.WAKER in why:
                        waker.drain()
                        return Woken.WAKER
                    if not ready and time.monotonic() >= until:
                        return Woken.TIMEOUT
        except (OSError, ValueError, KeyError) as error:
            raise self._lost(error) from None

    def close(self) -> None:
        """Ends the connection without a word. From any thread; a read in another one ends too."""
        self.broken = True
        with contextlib.suppress(OSError, ValueError):
            # Not SSLSocket.shutdown, which would pull the TLS state from under a reader.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._socket.close()

    def _ready(self) -> bool:
        """Whether there is something to read that no select would tell of."""
        while not self._buffer and self._deflated is not None and self._deflated.waiting:
            self._inflate(b"")
        if self._buffer:
            return True
        if not isinstance(self._socket, ssl.SSLSocket) or not self._socket.pending():
            return False
        return self._deflated is None or self._arrived()

    def _arrived(self) -> bool:
        """Whether a byte can be read now. Takes what is there into the buffer."""
        if not isinstance(self._socket, ssl.SSLSocket) and self._deflated is None:
            return True
        try:
            self._socket.settimeout(0.0)
            try:
                data = self._socket.recv(CHUNK)
            finally:
                self._socket.settimeout(self._timeout_s)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
            return False
        except (OSError, ValueError) as error:
            raise self._lost(error) from None
        if not data:
            raise self._ended()
        self._keep(data)
        return bool(self._buffer)

    def _take(self, count: int) -> bytes:
        self._begun = None
        taken = bytes(memoryview(self._buffer)[:count])
        del self._buffer[:count]
        return taken

    def _fill(self, count: int = CHUNK) -> None:
        """Adds to the buffer what comes, at least a byte."""
        self._hurry()
        before = len(self._buffer)
        while len(self._buffer) == before:
            if self._deflated is not None and self._deflated.waiting:
                self._inflate(b"")
            else:
                self._receive(count)

    def _hurry(self) -> None:
        """Raises Offline when what is being read has been coming for too long, and too slowly."""
        now = self._clock()
        if self._begun is None:
            self._begun, self._begun_at = now, self.bytes_in
            return
        passed_s = now - self._begun
        came = self.bytes_in - self._begun_at
        if passed_s > SLOW_AFTER * self._timeout_s and came < SLOW_BYTES_S * passed_s:
            raise self._silent(TimeoutError("too slow"))

    def _receive(self, count: int) -> None:
        try:
            data = self._socket.recv(count)
        except TimeoutError as error:
            raise self._silent(error) from None
        except (OSError, ValueError) as error:
            raise self._lost(error) from None
        if not data:
            raise self._ended()
        self._keep(data)

    def _keep(self, data: bytes) -> None:
        # A TLS alert as the first thing a plain connection hears (RFC 8446, 6).
        if not self.bytes_in and not self.tls and data[:2] == b"\x15\x03":
            raise tls_expected(self.server)
        self.bytes_in += len(data)
        if self._deflated is None:
            self._buffer += data
        else:
            self._inflate(data)

    def _inflate(self, data: bytes) -> None:
        assert self._deflated is not None
        try:
            self._buffer += self._deflated.inflate(data)
        except zlib.error as error:
            raise BadServer(
                f"{self.server.host} sent compressed data that cannot be read.", str(error)
            ) from None

    def _silent(self, error: TimeoutError) -> MailError:
        self.broken = True
        if self.bytes_in or self.tls:
            return translate(error, self.server)
        return Offline(
            f"{where(self.server)} accepted the connection but said nothing. "
            "If this stays so, the port may expect TLS from the first byte.",
            f"TimeoutError: {error}",
        )

    def _ended(self) -> MailError:
        self.broken = True
        return Offline(f"{self.server.host} closed the connection.")

    def _lost(self, error: BaseException) -> MailError:
        self.broken = True
        # After its handshake TLS only breaks, unless the server minds our own certificate.
        if isinstance(error, ssl.SSLError):
            if (ours := own_certificate(error, self.server)) is not None:
                return ours
            return Offline(
                f"The encrypted connection to {self.server.host} broke.",
                f"{type(error).__name__}: {error}",
            )
        if isinstance(error, OSError):
            return translate(error, self.server)
        # ValueError: the socket was closed by another thread, or its descriptor is gone.
        return Offline(f"The connection to {self.server.host} was closed.", str(error))
