"""Links that are not what they look like: the text shown against where the link leads."""

from __future__ import annotations

import re
from urllib.parse import unquote

from martlet.mail.link_sites import dns_name, host_and_user, other_site, unwrapped
from martlet.mail.reading import Link, LinkRisk
from martlet.mail.registrable import is_number, registrable
from martlet.mime.confusable import deceptive_host
from martlet.mime.label import label

MAX_LINKS = 200
_MAX_URL = 20_000
_MAX_SHOWN = 300
_WEB = re.compile(r"https?:", re.IGNORECASE)


def risks(href: str, shown: str) -> tuple[Link, ...]:
    """What is wrong with a link of the web, one entry for each reason; () for an honest one.

    href: as the cleaned markup has it. shown: the text (and the pictures' alt) inside.
    """
    if not _WEB.match(href):
        return ()
    target = unwrapped(href[:_MAX_URL])
    host, user = host_and_user(target)
    if not host:
        return ()
    found: list[LinkRisk] = []
    text = label(shown, _MAX_SHOWN)
    if other_site(href, text):
        found.append(LinkRisk.OTHER_SITE)
    if is_number(host):
        found.append(LinkRisk.IP_ADDRESS)
    elif deceptive_host(host):
        found.append(LinkRisk.LOOK_ALIKE)
    if user and ("." in unquote(user) or "%" in user):
        found.append(LinkRisk.USER_PART)
    known = registrable(host) if is_number(host) else dns_name(host)
    return tuple(Link(href, text, known, risk) for risk in found)
