"""Enhanced status codes (RFC 3463) in plain words: of SMTP answers, and of reports of delivery."""

from __future__ import annotations

# By subject and detail, without the class; the usual ones, each to be read after a colon.
_MEANINGS = {
    "1.1": "there is no such address",
    "1.2": "there is no such mail domain",
    "1.3": "the address is not written as it should be",
    "1.6": "the address has moved",
    "1.7": "the sender's address is not written as it should be",
    "1.8": "the sender's domain cannot be found",
    "1.10": "the domain takes no mail",
    "2.0": "there is something wrong with the mailbox",
    "2.1": "the mailbox is switched off",
    "2.2": "the mailbox is full",
    "2.3": "the message is too big for the mailbox",
    "3.1": "the server's disk is full",
    "3.2": "the server takes no messages now",
    "3.4": "the message is too big",
    "4.1": "the recipient's server does not answer",
    "4.4": "the recipient's domain has no mail server",
    "4.7": "the message could not be handed on in time",
    "5.3": "there are too many recipients",
    "6.7": "the address needs a server that knows international addresses",
    "7.8": "the user name or password is wrong",
    "7.9": "this way of signing in is too weak for the server",
    "7.23": "the sender's domain does not allow this server to send (SPF)",
    "7.26": "the sender could not be proved genuine (SPF, DKIM)",
}


def meaning(status: str) -> str:
    """What "5.2.2" means, to be read after a colon; "" for a code without words of its own."""
    return _MEANINGS.get(status.partition(".")[2], "")
