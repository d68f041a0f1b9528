"""How a message is to be shown, and what there is to know of what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class View:
    """How a person wants one message.

    part: an attached message to show in its place (its section), "" for the message itself.
    charset: read its text as this, whatever it says of itself; "" for what it says.
    pictures: pictures from the internet are shown this once. simple: its words, links and pictures
    without its own looks.
    """

    part: str = ""
    charset: str = ""
    pictures: bool = False
    simple: bool = False


AS_SENT = View()


class Paper(Enum):
    """What a rich message wants to lie on.

    THEME: it sets no colours, so those of the window are its own. LIGHT: it sets some, for white
    paper. DARK_TOO: it brings colours for a dark screen as well (prefers-color-scheme).
    """

    THEME = "theme"
    LIGHT = "light"
    DARK_TOO = "dark too"


@dataclass(frozen=True, slots=True)
class Remote:
    """What a message would have from the internet.

    pictures: addresses of its pictures, in the order in which the markup names them when they are
    shown (`martlet-part:/remote/NUMBER`). trackers: pictures that only tell the sender that
    somebody reads; never fetched. other: style sheets, fonts, frames and the like; never fetched.
    shown: whether the markup holds its pictures. allowed_by: "" , or the address or domain
    for which a person said "always".
    """

    pictures: tuple[str, ...] = ()
    trackers: int = 0
    other: int = 0
    shown: bool = False
    allowed_by: str = ""

    @property
    def kept_out(self) -> int:
        """How many things are not shown."""
        return self.trackers + self.other + (0 if self.shown else len(self.pictures))


NOTHING_REMOTE = Remote()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture fetched from the internet. content_type: what its bytes are, an image type."""

    content_type: str
    data: bytes


class LinkRisk(Enum):
    """Why a link is not what it looks like."""

    OTHER_SITE = "shows one address and opens another"
    IP_ADDRESS = "opens a number instead of a name"
    LOOK_ALIKE = "letters of several scripts in its name"
    USER_PART = "has a name before an @ that looks like a site"


@dataclass(frozen=True, slots=True)
class Link:
    """A link with a risk. href: as the markup has it. shown: its text, one line. host: where it
    leads, in the form that DNS knows."""

    href: str
    shown: str
    host: str
    risk: LinkRisk


@dataclass(frozen=True, slots=True)
class PartNode:
    """One entity of a message, as it is written there. part: as IMAP counts, "" for a multipart
    that is the whole message. size: decoded bytes of a leaf."""

    part: str
    content_type: str
    name: str = ""
    size: int = 0
    encoding: str = ""
    charset: str = ""
    disposition: str = ""
    content_id: str = ""
    children: tuple[PartNode, ...] = ()
