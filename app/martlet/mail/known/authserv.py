"""How the servers of well-known providers sign what they found out about a sender.

Authentication-Results (RFC 8601) is worth something only in the words of one's own server. These
are providers whose servers sign with another name than the one mail is fetched from, or write the
field at another place than above all that came from outside.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Border:
    """One provider.

    fetched_from: registrable domains of its IMAP and POP3 servers. signs_as: names, or domains
    above them, that its servers sign with. hosts: domains that its own servers' names end in.
    nameless: it leaves the name out. below: its field stands under the line in which it says from
    where the mail came; only where it takes away what a sender wrote in its name.
    """

    fetched_from: frozenset[str]
    signs_as: tuple[str, ...]
    hosts: tuple[str, ...]
    nameless: bool = False
    below: bool = False


def _row(
    fetched_from: str,
    signs_as: str,
    hosts: str = "",
    *,
    nameless: bool = False,
    below: bool = False,
) -> Border:
    return Border(
        frozenset(fetched_from.split()),
        tuple(signs_as.split()),
        tuple((hosts or signs_as).split()),
        nameless,
        below,
    )


BORDERS: tuple[Border, ...] = (
    # Gmail adds its Received line after the field, and drops a sender's with its own name.
    _row("gmail.com googlemail.com google.com", "mx.google.com", "google.com", below=True),
    # Microsoft names nobody, and has several of its own hops above.
    _row(
        "outlook.com office365.com office.com hotmail.com live.com msn.com",
        "protection.outlook.com outlook.com hotmail.com",
        "outlook.com office365.com protection.outlook.com",
        nameless=True,
    ),
    _row("yahoo.com aol.com yahoo.co.jp yahoodns.net rocketmail.com att.net", "yahoo.com aol.com",
         "yahoo.com aol.com yahoodns.net"),
    # A field for each method: dmarc.icloud.com, spf.icloud.com, dkim-verifier.icloud.com.
    _row("me.com icloud.com mac.com", "icloud.com me.com apple.com"),
    _row("fastmail.com fastmail.fm messagingengine.com", "messagingengine.com fastmail.com"),
    _row("yandex.ru yandex.com yandex.net ya.ru", "yandex.net yandex.ru yandex.com"),
    _row("mail.ru", "mail.ru"),
    _row("qq.com", "qq.com"),
    _row("163.com 126.com yeah.net 188.com netease.com", "163.com 126.com netease.com yeah.net"),
    _row("zoho.com zoho.eu zoho.in", "zohomail.com zoho.com zohomail.eu zoho.eu"),
    _row("gmx.net gmx.com gmx.de gmx.at gmx.ch web.de", "gmx.net gmx.com web.de",
         "gmx.net gmx.com web.de kundenserver.de"),
    _row("ionos.de ionos.com 1und1.de kundenserver.de",
         "kundenserver.de ionos.com perfora.net 1and1.com"),
    _row("mailbox.org", "mailbox.org"),
    _row("protonmail.com protonmail.ch proton.me", "protonmail.ch protonmail.com proton.me"),
    _row("aliyun.com mxhichina.com", "aliyun.com mxhichina.com aliyun-inc.com"),
    _row("ovh.net ovh.com", "ovh.net ovh.com"),
    _row("secureserver.net emailsrvr.com", "secureserver.net emailsrvr.com"),
    _row("migadu.com", "migadu.com"),
)  # fmt: skip
