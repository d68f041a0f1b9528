"""Questions put to the network about an address's servers: one kind each, asked many at a time.

What is asked when, and what the answers are worth, is in `discovery` and `offers`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from urllib.parse import quote

from martlet.engine import offers
from martlet.engine.network import Network
from martlet.engine.together import together
from martlet.mail.discovery import ISPDB_HOST, Asked, FoundBy, Offer, autoconfig_host
from martlet.mail.errors import MailError, TlsRefused
from martlet.mail.server import Server
from martlet.net import autoconfig
from martlet.net.dns import NameServer, Service
from martlet.net.greeting import Greeter
from martlet.net.web import Web

DNS = "DNS"
_LATE = "It did not answer in time."
_NEEDLESS = "Its answer was not needed any more."


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question. ok: it told something. said: in words.

    greeted: the server that greeted; trusted: whether its certificate is good.
    """

    ok: bool
    said: str
    offer: Offer | None = None
    services: tuple[Service, ...] = ()
    hosts: tuple[str, ...] = ()
    greeted: Server | None = None
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """One question. visited: the hosts it has led to so far, told to `ask` as it happens."""

    how: FoundBy
    host: str
    ask: Callable[[Callable[[str], None]], Answer]
    visited: list[str] = field(default_factory=list)

    def asked(self, answer: Answer) -> Iterator[Asked]:
        """Who was asked, in order."""
        visited = list(self.visited) or [self.host]
        for host, after in pairwise(visited):
            yield Asked(host, self.how, True, f"It sends us on to {after}.")
        yield Asked(visited[-1], self.how, answer.ok, answer.said)


def ask_all(questions: Sequence[Question], within_s: float) -> list[Answer]:
    """All of them at once, in the order in which their offers count; a late answer is none.

    An offer is not kept waiting for those that count less.
    """
    answers = together(
        [partial(_answer, question) for question in questions],
        time.monotonic() + within_s,
        _decided,
    )
    missing = Answer(False, _NEEDLESS if _decided(answers) else _LATE)
    return [answer if answer is not None else missing for answer in answers]


def _decided(answers: Sequence[Answer | None]) -> bool:
    for answer in answers:
        if answer is None:
            return False
        if answer.offer is not None:
            return True
    return False


def _answer(question: Question) -> Answer:
    try:
        return question.ask(question.visited.append)
    except MailError as error:
        return Answer(False, error.summary)


class Asker:
    """Makes the questions about one address."""

    def __init__(self, network: Network, address: str) -> None:
        self._network = network
        self._address = address
        self._web = Web(ca_file=network.ca_file, look_up=network.look_up, timeout_s=network.round_s)
        self._greeter = Greeter(
            ca_file=network.ca_file, look_up=network.look_up, timeout_s=network.greeting_s
        )
        self._names = NameServer(network.nameserver, timeout_s=network.round_s * 0.8)

    def autoconfig(self, domain: str, how: FoundBy, *, tell: bool = False) -> Question:
        """The settings host of a domain. tell: it is told the address, as Thunderbird does."""
        host = autoconfig_host(domain)
        query = f"?emailaddress={quote(self._address, safe='')}" if tell else ""
        return self._page(how, host, f"https://{host}/mail/config-v1.1.xml{query}")

    def well_known(self, domain: str, how: FoundBy) -> Question:
        """The web site of a domain."""
        path = ".well-known/autoconfig/mail/config-v1.1.xml"
        return self._page(how, domain, f"https://{domain}/{path}")

    def public(self, domain: str, how: FoundBy) -> Question:
        """The public table."""
        return self._page(how, ISPDB_HOST, f"{self._network.ispdb}{domain}")

    def services(self, domain: str) -> Question:
        """SRV records."""

        def ask(visited: Callable[[str], None]) -> Answer:
            found = self._names.services(domain)
            names = ", ".join(dict.fromkeys(one.host for one in found))
            said = f"SRV records name {names}." if names else "There are no SRV records."
            return Answer(bool(found), said, services=found)

        return Question(FoundBy.SRV, DNS, ask)

    def mail_hosts(self, domain: str) -> Question:
        """MX records."""

        def ask(visited: Callable[[str], None]) -> Answer:
            hosts = self._names.mail_hosts(domain)
            said = f"Its mail goes to {', '.join(hosts[:3])}." if hosts else ""
            return Answer(bool(hosts), said or "There are no MX records.", hosts=hosts)

        return Question(FoundBy.MX, DNS, ask)

    def greeting(self, server: Server) -> Question:
        """A server that may be there."""
        name = f"{server.protocol.name} port {server.port}"

        def ask(visited: Callable[[str], None]) -> Answer:
            visited(server.host)
            try:
                self._greeter.greet(server)
            except TlsRefused as error:
                if not error.host:  # no TLS at all, not a certificate
                    raise
                return Answer(True, error.summary, greeted=server, trusted=False)
            return Answer(True, f"{name} answers.", greeted=server)

        return Question(FoundBy.GUESS, server.host, ask)

    def _page(self, how: FoundBy, host: str, url: str) -> Question:
        def ask(visited: Callable[[str], None]) -> Answer:
            page = self._web.get(url, limit=autoconfig.SIZE_LIMIT, visited=visited)
            published = autoconfig.parse(page.body, self._address, page.host)
            return Answer(True, "Settings found.", offers.of_file(published, how, self._address))

        return Question(how, host, ask)
