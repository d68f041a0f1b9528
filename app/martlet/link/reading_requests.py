"""Requests about reading a message: what is shown of it, its pictures, its parts, its proofs."""

from __future__ import annotations

from martlet.link.request import Request
from martlet.mail.message import MessageId
from martlet.mail.reading import AS_SENT, PartNode, Picture, View
from martlet.mail.rendered import Rendered
from martlet.mail.sender_facts import SenderFact


class Render(Request[Rendered]):
    """wait: answered when what is needed to read it is here; else BodyArrived follows."""

    slow = True
    message_id: MessageId
    wait: bool = False
    view: View = AS_SENT


class Structure(Request[PartNode]):
    """The entities of a message as they are written there; fetched first if need be."""

    slow = True
    message_id: MessageId


class AllowPictures(Request[None]):
    """Pictures from the internet are shown in mail from `who`, always, or no more.

    who: an address, or a domain with "@" before it.
    """

    who: str
    allowed: bool = True


class RemotePicture(Request[Picture]):
    """A picture from the internet that a message names (Remote.pictures), fetched for it.

    Refused for every other address: it is the window's only way out.
    """

    slow = True
    aside = True
    message_id: MessageId
    url: str

    @property
    def whose(self) -> MessageId:
        return self.message_id


class CheckSignature(Request[list[SenderFact]]):
    """What its DKIM signatures prove, checked here; fetches all of it first and asks DNS.

    Offline: DNS gave no answer.
    """

    slow = True
    aside = True
    message_id: MessageId

    @property
    def whose(self) -> MessageId:
        return self.message_id


class PartBytes(Request[bytes]):
    """The decoded bytes of one part; fetched first if need be."""

    slow = True
    message_id: MessageId
    part: str


class SavePart(Request[str]):
    """Writes a part to `directory` under a safe name, never over a file; answers the path."""

    slow = True
    message_id: MessageId
    part: str
    directory: str


class OpenPart(Request[str]):
    """Like SavePart, read-only to a private folder of the profile, for a program to open."""

    slow = True
    message_id: MessageId
    part: str


class RawMessage(Request[bytes]):
    """The raw bytes of a message; fetched first if need be."""

    slow = True
    message_id: MessageId
