"""What a server's capabilities and refusals mean."""

from __future__ import annotations

from martlet.mail.errors import Busy, MailError, Refused
from martlet.net.imap_wire import Status
from martlet.net.words import server_words

_NAMES_LIMIT = 65_536  # bytes
# What a server means by IMAP4rev2 without saying so (RFC 9051, E).
_REV2 = frozenset(
    (
        *("NAMESPACE", "UNSELECT", "UIDPLUS", "ESEARCH", "SEARCHRES", "ENABLE", "IDLE", "SASL-IR"),
        *("LIST-EXTENDED", "LIST-STATUS", "MOVE", "LITERAL-", "BINARY", "STATUS=SIZE"),
    )
)


def names(raw: bytes) -> frozenset[str]:
    """Words in capitals, as many as a server may have."""
    return frozenset(raw[:_NAMES_LIMIT].decode("ascii", "replace").upper().split())


def words(raw: bytes) -> frozenset[str]:
    """A list of capabilities, in capitals, with what IMAP4rev2 implies."""
    found = names(raw)
    return found | _REV2 if "IMAP4REV2" in found else found


def refused(doing: str, status: Status) -> MailError:
    """What a NO means (RFC 5530).

    Busy is about the one folder or command that was asked for; the session goes on.
    """
    said = server_words((f"[{status.code}] ".encode() if status.code else b"") + status.text)
    if status.code == "OVERQUOTA":
        return Refused("The mailbox on the server is full.", said)
    if status.code in ("UNAVAILABLE", "INUSE"):
        return Busy(f"The server cannot {doing} at the moment.", said)
    if b"unsafe login" in status.text.lower():  # 163.com, 126.com, yeah.net
        return Refused(
            "The provider (NetEase) calls this program unsafe and shows it no mail: it has to be "
            "allowed on the provider's web page.",
            said,
        )
    return Refused(f"The server would not {doing}.", said)
