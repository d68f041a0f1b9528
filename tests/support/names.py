"""A small name server on loopback (UDP), for what discovery asks of DNS.

    with Names({("example.org", "MX"): ["10 mx.example.net."]}) as names:
        NameServer(names.place).mail_hosts("example.org")

It knows the records it is given, as in a zone file; any other name does not exist. silent: it
hears everything and answers nothing.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class Names:
    """place: (address, port) to ask. asked: each question so far, as ("name", "TYPE").

    raw: answered instead, whatever the question, with its first two bytes in front.
    """

    def __init__(
        self,
        records: Mapping[tuple[str, str], Sequence[str]],
        *,
        silent: bool = False,
        raw: bytes | None = None,
    ) -> None:
        self._records = {(name.casefold(), kind): texts for (name, kind), texts in records.items()}
        self._silent = silent
        self._raw = raw
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.place: tuple[str, int] = ("127.0.0.1", int(self._socket.getsockname()[1]))
        self.asked: list[tuple[str, str]] = []
        self._thread = threading.Thread(target=self._serve, name="names", daemon=True)

    def __enter__(self) -> Names:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.sendto(b"", self.place)  # an empty one ends it
        self._thread.join(30)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            wire, who = self._socket.recvfrom(4096)
            if not wire:
                return
            if self._raw is not None:
                self._socket.sendto(wire[:2] + self._raw, who)
                continue
            with contextlib.suppress(dns.exception.DNSException):
                answer = self._answer(dns.message.from_wire(wire))
                if not self._silent:
                    self._socket.sendto(answer.to_wire(), who)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).casefold()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        texts = self._records.get((name, kind))
        if texts:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
        elif not any(known == name for known, _ in self._records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
