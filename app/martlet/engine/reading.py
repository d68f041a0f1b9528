"""Messages made ready for people: what `mime.render` makes of one, with what the store knows of it.

What lies where is `stored_mail`'s, files are `saving`'s, pictures from the internet
`remote_pictures`', what a message is shown with `showing`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from martlet.engine.remote_pictures import RemotePictures
from martlet.engine.sender_check import SenderCheck
from martlet.engine.showing import Showing
from martlet.engine.stored_mail import NO_MESSAGE, StoredMail
from martlet.mail.account import AccountId
from martlet.mail.errors import MailError, Refused
from martlet.mail.folder import Role
from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, PartNode, Picture, View
from martlet.mail.rendered import Rendered
from martlet.mail.route import STRAIGHT, Route
from martlet.mime.content import Apart
from martlet.mime.headers import Headers, envelope
from martlet.mime.part import Message
from martlet.mime.render import all_attached, render_message
from martlet.mime.tree import tree
from martlet.store import folders, mailbox, parts, pictures, pieces, pop3

NO_HEADERS = Headers([])


class Reading:
    """fetch(url, route): a picture (net.pictures). route(id): how an account's servers are
    reached."""

    def __init__(
        self,
        mail: StoredMail,
        fetch: Callable[[str, Route], Picture],
        route: Callable[[AccountId], Route],
        senders: SenderCheck,
    ) -> None:
        self._mail = mail
        self._senders = senders
        self._database = mail.database
        self._account_route = route
        self._fetch = fetch
        self._pictures = RemotePictures(fetch, self._named, self._route)
        self._showing = Showing(self._pictures, self._allowed_by, senders.facts, senders.examined)

    def render(self, message_id: MessageId, wait: bool = False, view: View = AS_SENT) -> Rendered:
        """wait: until it can be read; else what is not here follows, and BodyArrived tells."""
        here = self._mail.fetched(message_id) if wait else self._mail.here(message_id)
        if here is None:
            return self._head_alone(message_id, view)
        if view.part and not here.whole:
            message = self._mail.message_with(message_id, [view.part], view.charset)
        else:
            message = self._mail.parsed(here, view.charset)
        apart: dict[str, Apart] = {}
        not_here = 0
        if not here.whole:
            rows = parts.of_message(self._database, message_id)
            apart = {section: Apart(row.decoded, bool(row.blob)) for section, row in rows.items()}
            not_here = sum(row.size for row in rows.values() if not row.blob)
        shown = self._showing.render(message_id, message, view, apart, joined=here.joined)
        if not here.whole and not view.part:
            places = mailbox.locate(self._database, [message_id])
            size = places[0].size if places else shown.raw_size
            head_only = pop3.place(self._database, message_id) is not None
            shown = replace(shown, raw_size=size, not_here=not_here, head_only=head_only)
        return self._with_pieces(message_id, shown)

    def structure(self, message_id: MessageId) -> PartNode:
        """The entities of a message as they are written there; fetched first if need be."""
        return tree(self._mail.parsed(self._mail.fetched(message_id)))

    def allow_pictures(self, who: str, allowed: bool) -> None:
        """Pictures of this address, or of this domain ("@example.org"), from now on."""
        with self._database.write() as tx:
            pictures.allow(tx, who, allowed)

    def remote_picture(self, message_id: MessageId, url: str) -> Picture:
        """A picture that the message names; `RemotePictures.get`."""
        return self._pictures.get(message_id, url)

    def _head_alone(self, message_id: MessageId, view: View) -> Rendered:
        """What is known of a message whose body is not here; it is asked for."""
        head = mailbox.envelope(self._database, message_id)
        if head is None:
            raise Refused(NO_MESSAGE)
        problems: tuple[str, ...] = ()
        try:
            self._mail.ask(message_id)
        except MailError as error:
            problems = (error.summary,)
        facts = self._senders.facts(message_id, head, NO_HEADERS, ())
        return Rendered(message_id, head, complete=False, problems=problems, view=view, facts=facts)

    def _allowed_by(self, message_id: MessageId, message: Message) -> str:
        """The entry that lets this message's pictures in; none does for junk."""
        entry = pictures.allowed_by(self._database, envelope(message.headers).sender.address)
        if not entry:
            return ""
        places = mailbox.locate(self._database, [message_id])
        folder = folders.by_id(self._database, places[0].folder_id) if places else None
        return "" if folder is None or folder.role is Role.JUNK else entry

    def _with_pieces(self, message_id: MessageId, shown: Rendered) -> Rendered:
        """A piece is told which others are here."""
        piece = shown.cards.piece
        if piece is None:
            return shown
        rows = pieces.together(self._database, message_id)
        numbers = {row.number for row in rows if row.blob} | {piece.number}
        total = piece.total or max((row.total for row in rows), default=0)
        told = replace(piece, here=tuple(sorted(numbers)), total=total)
        problems = shown.problems
        if piece.number == 1 and total and numbers.issuperset(range(1, total + 1)):
            why = self._mail.why_apart(message_id)
            problems += (why,) if why else ()
        return replace(shown, cards=replace(shown.cards, piece=told), problems=problems)

    def _named(self, message_id: MessageId) -> Iterable[str]:
        """The pictures of a message and of those attached to it."""
        here = self._mail.here(message_id)
        if here is None:
            return
        message = self._mail.parsed(here)
        for one in (message, *all_attached(message)):
            yield from render_message(message_id, one).remote.pictures

    def picture(self, account_id: AccountId, url: str) -> Picture:
        """One that a person wants in a letter; of no message, so nobody else's doing."""
        return self._fetch(url, self._account_route(account_id))

    def _route(self, message_id: MessageId) -> Route:
        places = mailbox.locate(self._database, [message_id])
        return self._account_route(places[0].account_id) if places else STRAIGHT
