"""Enhanced status codes (RFC 3463) in plain words: of SMTP answers, and of reports of delivery.

The codes of RFC 3463, 5248, 6531, 7293, 7372, 7505 and 8689 that a person meets, and the most
frequent of Exchange Online. Left out are the "other" ones (5.7.0) and those servers use for
anything (5.7.1, 5.5.4): their own words say more. Where there is no such code, some of the plain
reply codes (RFC 5321, 4.2.3) say enough.
"""

from __future__ import annotations

import re

from martlet.mail.quotes import in_quotes

# By subject and detail, without the class; each to be read after a colon.
_MEANINGS = {
    "1.1": "there is no such address",
    "1.2": "there is no such mail domain",
    "1.3": "the address is not written as it should be",
    "1.4": "the address may mean several people",
    "1.6": "the address has moved",
    "1.7": "the sender's address is not written as it should be",
    "1.8": "the sender's domain cannot be found",
    # The second by RFC 7505, the first by Exchange
    "1.10": "there is no such address, or its domain takes no mail",
    "2.0": "there is something wrong with the mailbox",
    "2.1": "the mailbox is switched off",
    "2.2": "the mailbox is full",
    "2.3": "the message is too big for the mailbox",
    "2.4": "the mailing list could not be served",
    "3.1": "the server's disk is full",
    "3.2": "the server takes no messages now",
    "3.3": "the server cannot do what the message asks for",
    "3.4": "the message is too big",
    "3.5": "the server is not set up rightly",
    "4.1": "the recipient's server does not answer",
    "4.2": "the connection to the recipient's server was lost",
    "4.3": "the recipient's server could not be looked up",
    "4.4": "the recipient's domain has no mail server",
    "4.5": "the server has too much to do",
    "4.6": "the message went round in a circle",
    "4.7": "the message could not be handed on in time",
    "4.14": "the message went round in a circle",
    "4.300": "the message could not be handed on in time",
    "4.310": "the recipient's domain cannot be found",
    "4.312": "the recipient's server could not be looked up",
    "4.316": "the recipient's server does not answer",
    "5.3": "there are too many recipients",
    "5.6": "the sign-in is too long for the server",
    "6.1": "the recipient's server does not take this kind of content",
    "6.2": "the content would have to be converted, which is not allowed",
    "6.3": "the content would have to be converted, which the server cannot do",
    "6.5": "the content could not be converted",
    "6.6": "the content is not there any more",
    "6.7": "the address needs a server that knows international addresses",
    "6.8": "the answer would need international addresses",
    "6.9": "the headers need a server that knows international addresses",
    "7.2": "you may not write to this mailing list",
    "7.3": "the message would have to be decrypted or signed anew, which cannot be done",
    "7.4": "the server cannot protect the message as asked",
    "7.5": "the message could not be decrypted or verified on its way",
    "7.6": "the server does not know how the message is encrypted",
    "7.7": "the message was changed on its way",
    "7.8": "the user name or password is wrong",
    "7.9": "this way of signing in is too weak for the server",
    "7.10": "the server wants the connection to be encrypted",
    "7.11": "the server takes passwords over an encrypted connection only",
    "7.12": "the password has to be set anew on the server",
    "7.13": "the account is switched off",
    "7.14": "the server does not trust the one the message comes from",
    "7.16": "the message is too big for its priority",
    "7.17": "the mailbox belongs to somebody else now",
    "7.18": "the domain belongs to somebody else now",
    "7.19": "whether the mailbox still belongs to the same person cannot be found out",
    "7.20": "the message has no valid signature of a domain (DKIM)",
    "7.21": "the message has no signature that the server accepts (DKIM)",
    "7.22": "the message is not signed by its sender's domain (DKIM)",
    "7.23": "the sender's domain does not allow this server to send (SPF)",
    "7.24": "whether the sender's domain allows this server to send cannot be found out (SPF)",
    "7.25": "the sending server's address has no proper name (reverse DNS)",
    "7.26": "the sender could not be proved genuine (SPF, DKIM)",
    "7.27": "the sender's domain takes no mail, so nobody could answer",
    "7.28": "too much mail came in a short time",
    "7.29": "the proof of where the message went on its way is broken (ARC)",
    "7.30": "the recipient's server cannot promise encryption all the way (REQUIRETLS)",
    "7.57": "the server wants one to sign in first",
    "7.60": "you may not send under this address",
    "7.124": "only some people may write to this address",
    "7.133": "only people of the same organization may write to this address",
    "7.134": "only people of the same organization may write to this address",
    "7.136": "only some people may write to this address",
    "7.501": "the sender's account is blocked for what it sent",
    "7.502": "the sender's account is blocked for what it sent",
    "7.503": "the sender's account is blocked for what it sent",
    "7.508": "too much mail came from the sending server",
    "7.511": "the sending server is blocked",
    "7.606": "the sending server is blocked",
    "7.705": "the sender's organization has sent too much",
    "7.708": "the sending server is blocked",
    "7.750": "the sender's domain is not known to the server that sent it",
}


# Those that servers do not use for anything else as well, as 550 and 554
_REPLIES = {
    "421": "the server takes no mail just now",
    "450": "the mailbox cannot be reached just now",
    "451": "the server could not deal with the message just now",
    "452": "the server has no room for the message just now",
    "521": "the server takes no mail",
    "523": "the message is too big",
    "530": "the server wants one to sign in first",
    "535": "the user name or password is wrong",
    "552": "the mailbox is full, or the message too big for it",
    "553": "the address is not written as the server wants it",
    "556": "the domain takes no mail",
}
_REPLY = re.compile(r"(?:[a-z]{1,10};)?\s*([245]\d\d)(?=[ -]|\Z)", re.IGNORECASE)


def meaning(status: str, said: str = "") -> str:
    """What "5.2.2" means, to be read after a colon; "" for a code without words of its own.

    said: the server's words; where the status tells nothing, the reply code they begin with does.
    """
    known = _MEANINGS.get(status.partition(".")[2], "")
    if known or status.partition(".")[2] not in ("", "0.0"):
        return known
    reply = _REPLY.match(said)
    return _REPLIES.get(reply[1], "") if reply is not None else ""


def sentence(status: str, said: str) -> str:
    """What became of something, in a sentence; a server's words are shown as such. "" for nothing.

    said: one line of the server's words, fit to be shown.
    """
    plain = meaning(status, said)
    first = f"{plain[:1].upper()}{plain[1:]}." if plain else ""
    words = f"The server said: {in_quotes(said)}." if said else ""
    return f"{first} {words}".strip()
