"""What is known of who a message is from: how it is written, whom the profile knows, what the
account's own server said. Facts with their reasons, weightiest first; none for an ordinary sender.

The pure part is in `mime.sender_*` and `mime.authentic`; DKIM is checked when asked for (`dkim`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from martlet.engine.known_people import KNOWN, TRUSTED, Alike, KnownPeople
from martlet.mail import providers, sender
from martlet.mail.account import Account
from martlet.mail.address_key import address_key, shown_address
from martlet.mail.changes import AccountsChanged, Change, OutboxChanged
from martlet.mail.errors import MailError
from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.reading import Link
from martlet.mail.registrable import registrable, same_site, shown_host
from martlet.mail.sender_facts import FactKind, SenderFact, Weight
from martlet.mime.authentic import OwnServer, authentic, examined, own_server
from martlet.mime.headers import Headers
from martlet.mime.sender_around import around, by_list
from martlet.mime.sender_named import named
from martlet.mime.sender_values import value
from martlet.mime.sender_written import written
from martlet.store import correspondents
from martlet.store.database import Database

log = logging.getLogger("martlet.engine")

_MOST = 8
_ANSWERS = 5  # addresses in Reply-To that are looked at
_ORDER = (Weight.WARNING, Weight.CAUTION, Weight.NOTE)
# Where it is not certain who the sender is, nobody can have confirmed it.
_UNCERTAIN = {FactKind.BROKEN_FROM, FactKind.SEVERAL_SENDERS, FactKind.NO_SENDER}
# Said once of somebody one knows, it is said every day.
_HABITS = {FactKind.NAME_IS_SITE}
_FIRST_OF_ALL = {FactKind.PASSED, FactKind.FAILED}


class SenderCheck:
    """accounts: all there are; their addresses are one's own, their servers' word counts."""

    def __init__(self, database: Database, accounts: Callable[[], Sequence[Account]]) -> None:
        self._database = database
        self._all_accounts = accounts
        # As they are now, and as they were read
        self._newest = object()
        self._read_accounts: tuple[object, Sequence[Account]] = (None, ())
        self._people = KnownPeople(database)
        database.listen(self._heard)

        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Reads whom one knows, in the background, so that the first message that is opened does
        not wait for it."""
        self._reader = threading.Thread(target=self.catch_up, name="senders", daemon=True)
        self._reader.start()

    def close(self) -> None:
        """To be called before the store is closed."""
        if self._reader is not None:
            self._reader.join()

    def catch_up(self) -> None:
        """Reads all that came since, in the background: a message that is opened reads of many
        new ones only some."""
        try:
            while not self._people.refresh():
                pass
        except MailError as error:
            # It is tried again, and told of, when a message is opened.
            log.info("whom one knows could not be read: %s", error.summary)

    def facts(
        self,
        message_id: MessageId | None,
        envelope: Envelope,
        headers: Headers,
        links: Sequence[Link],
    ) -> tuple[SenderFact, ...]:
        """message_id: None for a message that lies in another one, of which no server and no
        history can say anything. headers: of the message that is shown; none if only its envelope
        is here. Raises StoreError alone."""
        accounts = self._own_accounts()
        who = envelope.sender
        strangers = tuple(
            one for one in envelope.reply_to[:_ANSWERS] if not _is_own(one.address, accounts)
        )
        found = _pure(replace(envelope, reply_to=strangers), headers, links)
        if self._known(who.address, accounts):
            found = [fact for fact in found if fact.kind not in _HABITS]
        elif "@" in who.address:
            found += self._of_stranger(message_id, who, accounts)
        if message_id is not None:
            found += _of_servers(who, headers, accounts)
        return _chosen(found)

    def examined(self, headers: Headers) -> bool:
        """Whether a server of one's own looked for what proves the sender of a message that came
        to it: then what is not PASSED is not proved."""
        return any(examined(headers, own) for own in _servers(self._own_accounts()))

    def _heard(self, change: Change) -> None:
        if isinstance(change, OutboxChanged):
            self._people.changed()
        elif isinstance(change, AccountsChanged):
            self._newest = object()

    def _own_accounts(self) -> Sequence[Account]:
        newest = self._newest
        as_of, known = self._read_accounts
        if as_of is not newest:
            known = tuple(self._all_accounts())
            self._read_accounts = (newest, known)
        return known

    def _known(self, address: str, accounts: Sequence[Account]) -> bool:
        """Oneself, somebody one wrote to, or who wrote so often, and not into Junk, that he is
        somebody in his own right."""
        self._people.refresh()
        if _is_own(address, accounts) or self._people.wrote_to(address):
            return True
        return self._people.often(address, TRUSTED) and correspondents.wrote(
            self._database, self._people.spellings([address]), TRUSTED
        )

    def _of_stranger(
        self, message_id: MessageId | None, who: Address, accounts: Sequence[Account]
    ) -> list[SenderFact]:
        found = self._name(who, accounts) + self._look(who.address, accounts)
        if message_id is not None and correspondents.is_first(
            self._database, message_id, self._people.spellings([who.address])
        ):
            found.append(SenderFact(FactKind.FIRST_MAIL, Weight.NOTE, (value(who.address),)))
        return found

    def _name(self, who: Address, accounts: Sequence[Account]) -> list[SenderFact]:
        told = value(who.name)
        domain = providers.domain_of(who.address)
        shared = providers.lookup(who.address) is not None
        for account in accounts:
            for identity in account.every_identity():
                if _same_name(identity.full_name, who.name) and (
                    shared or not same_site(providers.domain_of(identity.address), domain)
                ):
                    given = (told, value(who.address))
                    return [SenderFact(FactKind.OWN_NAME, Weight.CAUTION, given)]
        others = self._people.namesakes(who.name)
        if not others or any(
            same_site(providers.domain_of(one), domain) and not shared for one in others
        ):
            return []
        given = (told, value(shown_address(others[0])))
        return [SenderFact(FactKind.NAME_OF_CONTACT, Weight.CAUTION, given)]

    def _look(self, address: str, accounts: Sequence[Account]) -> list[SenderFact]:
        own = [
            address_key(identity.address)
            for account in accounts
            for identity in account.every_identity()
        ]
        for one in own:
            self._people.learn(one)
        domain = providers.domain_of(address)
        site = registrable(domain)
        like = self._people.like_address(address)
        if like is not None and self._is_known([like.known], own):
            return _alike(address, like)
        if providers.lookup(address) is not None:
            return []
        like = self._people.like_site(site)
        if like is None or not self._is_known(self._people.known_at(like.known), own):
            return []
        if self._is_known(self._people.known_at(site), own, TRUSTED):
            return []
        local = address_key(address).rpartition("@")[0]
        whom = f"{local}@{like.known}"
        if whom in self._people.known_at(like.known):
            return _alike(address, replace(like, known=whom))
        return _alike(domain, like)

    def _is_known(self, addresses: list[str], own: list[str], enough: int = KNOWN) -> bool:
        """Whether one of them is one's own, was written to, or they wrote so many times."""
        if any(one in own or self._people.wrote_to(one) for one in addresses):
            return True
        return bool(addresses) and correspondents.wrote(
            self._database, self._people.spellings(addresses), enough
        )


def file_facts(
    envelope: Envelope, headers: Headers, links: Sequence[Link]
) -> tuple[SenderFact, ...]:
    """Facts of a message in a file: of its own words alone, no server's word counts."""
    return _chosen(_pure(envelope, headers, links))


def _pure(envelope: Envelope, headers: Headers, links: Sequence[Link]) -> list[SenderFact]:
    return [
        *written(headers.get_all("from"), envelope.sender),
        *named(envelope.sender, passed_on=by_list(headers)),
        *around(envelope, headers, links),
    ]


def _is_own(address: str, accounts: Sequence[Account]) -> bool:
    return any(sender.named(account, address) for account in accounts)


def _of_servers(who: Address, headers: Headers, accounts: Sequence[Account]) -> list[SenderFact]:
    """A message may have been moved from one account to another: the server of any counts, since
    it must have been the one that took the message in."""
    if not headers.get("authentication-results"):
        return []
    for own in _servers(accounts):
        told = authentic(headers, who.address, own)
        if told and by_list(headers):
            # Lists change what was signed.
            return [
                replace(one, weight=Weight.CAUTION) if one.kind is FactKind.FAILED else one
                for one in told
            ]
        if told:
            return told
    return []


def _servers(accounts: Sequence[Account]) -> list[OwnServer]:
    hosts = (account.incoming.host for account in accounts if account.incoming is not None)
    found = (own_server(host) for host in dict.fromkeys(hosts))
    return [own for own in found if own is not None]


def _alike(what: str, like: Alike) -> list[SenderFact]:
    weight = Weight.WARNING if like.same else Weight.CAUTION
    shown = shown_address(like.known) if "@" in like.known else shown_host(like.known)
    return [SenderFact(FactKind.LOOK_ALIKE, weight, (value(what), value(shown)))]


def _same_name(own: str, other: str) -> bool:
    key = " ".join(own.split()).casefold()
    return " " in key and key == " ".join(other.split()).casefold()


def _chosen(found: list[SenderFact]) -> tuple[SenderFact, ...]:
    kinds = {fact.kind for fact in found}
    if kinds & _UNCERTAIN:
        found = [fact for fact in found if fact.kind is not FactKind.PASSED]
    found.sort(key=lambda fact: (_ORDER.index(fact.weight), fact.kind not in _FIRST_OF_ALL))
    return tuple(dict.fromkeys(found))[:_MOST]
