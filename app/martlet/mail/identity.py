"""Identities: the names and addresses one account's mail is written and answered from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from martlet.mail.attached import OutgoingPart
from martlet.mail.server import Server


@dataclass(frozen=True, slots=True)
class Signature:
    """Words below a letter. text: plain, without the mark "-- ". html: None for a plain one.

    parts: its pictures, whose content ids tell their bytes apart. name: "" for the main one.
    """

    name: str = ""
    text: str = ""
    html: str | None = None
    parts: tuple[OutgoingPart, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether letters with it have none."""
        return not self.text.strip() and not (self.html or "").strip()


class SignatureUse(Enum):
    """SAME: the main one. OTHER: one of the others, by its name. NONE: none."""

    SAME = "same"
    OTHER = "other"
    NONE = "none"


class SignaturePlace(Enum):
    """Where it stands in answers. USUAL: as the preferences of writing say."""

    USUAL = "usual"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class SignatureChoice:
    """Which signature letters of a kind get. name: of the one that OTHER means."""

    use: SignatureUse = SignatureUse.SAME
    name: str = ""


SAME = SignatureChoice()


@dataclass(frozen=True, slots=True)
class Signing:
    """How an identity signs, beside the text of its main signature.

    html, parts: the main one, when it is rich. more: others, each with a name of its own.
    mark: "-- " stands above it, by which readers know that it is one (RFC 3676, 4.3).
    """

    html: str | None = None
    parts: tuple[OutgoingPart, ...] = ()
    more: tuple[Signature, ...] = ()
    reply: SignatureChoice = SAME
    forward: SignatureChoice = SAME
    place: SignaturePlace = SignaturePlace.USUAL
    mark: bool = True

    def every_part(self) -> tuple[OutgoingPart, ...]:
        """The pictures of all its signatures."""
        return (*self.parts, *(part for one in self.more for part in one.parts))


@dataclass(frozen=True, slots=True)
class Identity:
    """id: 0 for the account's main one, else a number that stays its own within the account.

    reply_to: an address answers are to go to, or "". signature: plain text without its "-- ".
    outgoing: a server of its own, None for the account's. sent: full name of the folder its
    copies go to, "" for the account's Sent.
    """

    id: int
    address: str
    full_name: str = ""
    reply_to: str = ""
    signature: str = ""
    outgoing: Server | None = None
    sent: str = ""
    signing: Signing = field(default_factory=Signing)

    def signatures(self) -> tuple[Signature, ...]:
        """All it has to choose from, the main one first; those without words are left out."""
        main = Signature("", self.signature, self.signing.html, self.signing.parts)
        return tuple(one for one in (main, *self.signing.more) if not one.empty)

    def signature_of(self, choice: SignatureChoice) -> Signature:
        """The one that is meant; the main one when that of this name is gone."""
        main = Signature("", self.signature, self.signing.html, self.signing.parts)
        if choice.use is SignatureUse.NONE:
            return Signature()
        if choice.use is SignatureUse.OTHER:
            return next((one for one in self.signing.more if one.name == choice.name), main)
        return main
