"""Finds the servers of an address: asks whoever may know, and says who was asked.

    table ─► known: done, nobody is asked
    first, all at once  autoconfig.<domain> (told the address), <domain>/.well-known, SRV, MX
    then, if the domain publishes nothing, all at once
                        ISPDB (told the domain); the domain that takes its mail (what the table
                        says of it, else what it publishes); greetings of usual hosts of the domain
    ─► offers by how far they can be depended on: autoconfig, well-known, ISPDB, SRV, MX, guess

What is offered is for a person to look at; nothing here signs in anywhere. Who is asked can be read
beforehand in `mail.discovery.hosts_asked`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from martlet.engine import offers
from martlet.engine.network import INTERNET, Network
from martlet.engine.questions import Answer, Asker, Question, ask_all
from martlet.mail.discovery import Asked, Discovery, FoundBy, Offer, ascii_domain, for_ispdb
from martlet.mail.errors import Refused
from martlet.mail.providers import by_mx, lookup
from martlet.mail.typed import is_address


def discover(address: str, ispdb: bool, network: Network = INTERNET) -> Discovery:
    """The servers of an address, in about ten seconds at worst.

    ispdb: whether the public table may be asked. Raises Refused when this is no address; that
    nobody can be reached is no error.
    """
    if not is_address(address):
        raise Refused("This cannot be a mail address.")
    provider = lookup(address)
    if provider is not None:
        return Discovery((offers.of_table(provider, address),))
    if not ascii_domain(address):
        return Discovery((offers.of_guess(address),))
    return _Search(network, address, ispdb).run()


class _Search:
    """One address being looked for."""

    def __init__(self, network: Network, address: str, ispdb: bool) -> None:
        self._address = address
        self._domain = ascii_domain(address)
        self._ispdb = ispdb
        self._round_s = network.round_s
        self._asker = Asker(network, address)
        self._asked: list[Asked] = []

    def run(self) -> Discovery:
        ask = self._asker
        *own, srv, mx = self._round(
            [
                ask.autoconfig(self._domain, FoundBy.AUTOCONFIG, tell=True),
                ask.well_known(self._domain, FoundBy.WELL_KNOWN),
                ask.services(self._domain),
                ask.mail_hosts(self._domain),
            ]
        )
        if found := _offers(own):
            return self._done(found, offers.of_guess(self._address))
        by_mx = self._known_mx(mx.hosts)
        base = offers.base_domain(mx.hosts[0]) if mx.hosts else ""
        public = self._public(self._domain, FoundBy.ISPDB)
        others = [] if by_mx or srv.services else self._of_base(base)
        greetings = [ask.greeting(server) for server in offers.guesses(self._address)]
        answers = self._round([*public, *others, *greetings])
        found = _offers(answers[: len(public)])
        if not found:
            by_srv = offers.of_services(srv.services, self._address)
            found = [*by_srv, *by_mx, *_offers(answers[len(public) :])]
        good = [one.greeted for one in answers if one.greeted is not None and one.trusted]
        fair = [one.greeted for one in answers if one.greeted is not None and not one.trusted]
        return self._done(found, offers.of_guess(self._address, [*good, *fair]))

    def _public(self, domain: str, how: FoundBy) -> list[Question]:
        if not self._ispdb or not for_ispdb(domain):
            return []
        return [self._asker.public(domain, how)]

    def _of_base(self, base: str) -> list[Question]:
        """What the domain that takes the mail publishes. It is not told the address."""
        if not base or base == self._domain:
            return []
        return [
            self._asker.autoconfig(base, FoundBy.MX),
            self._asker.well_known(base, FoundBy.MX),
            *self._public(base, FoundBy.MX),
        ]

    def _known_mx(self, hosts: Iterable[str]) -> list[Offer]:
        """What the table says of those who take the mail."""
        for host in hosts:
            provider = by_mx(host) or lookup(f"@{offers.base_domain(host)}")
            if provider is not None:
                return [offers.of_table(provider, self._address, FoundBy.MX)]
        return []

    def _round(self, questions: Sequence[Question]) -> list[Answer]:
        answers = ask_all(questions, self._round_s)
        greeted: dict[str, list[Answer]] = {}
        for question, answer in zip(questions, answers, strict=True):
            if question.how is FoundBy.GUESS:
                greeted.setdefault(question.host, []).append(answer)
            else:
                self._asked += question.asked(answer)
        # A host is greeted on several ports; what went well there is what counts.
        for host, each in greeted.items():
            well = dict.fromkeys(one.said for one in each if one.ok)
            self._asked.append(
                Asked(host, FoundBy.GUESS, bool(well), " ".join(well) or each[0].said)
            )
        return answers

    def _done(self, found: Iterable[Offer], guess: Offer) -> Discovery:
        servers = []
        different = []
        for offer in (*found, guess):
            if (offer.incoming, offer.outgoing) not in servers or offer.note:
                servers.append((offer.incoming, offer.outgoing))
                different.append(offer)
        return Discovery(tuple(different), tuple(self._asked))


def _offers(answers: Iterable[Answer]) -> list[Offer]:
    return [one.offer for one in answers if one.offer is not None]
