"""Which site a link leads to, and which its words say: where they differ, somebody is misled.

Addresses that wrap another one (Outlook's and Google's redirects) count as the one they wrap.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qs, unquote, urlsplit

from martlet.mail import host_name
from martlet.mail.registrable import registrable, suffix_of

_MAX_URL = 20_000
_MAX_SHOWN = 300
_MAX_WRAPS = 4
_WEB = re.compile(r"https?:", re.IGNORECASE)
_NAME = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_][\w-]{0,61}[^\W_]"
# An address inside other words is one if it says so; alone, a name with an ending will do.
_SAID = re.compile(
    rf"(?:((?:h..ps?|ftp):/{{1,3}}\s?)(?:[^\s/@]{{1,200}}@)?|\bwww\.)({_NAME}|\[[0-9a-f:.]+\]|[\d.]{{7,15}})",
    re.I,
)
_ALONE = re.compile(rf"(?:[^\s/@]{{1,200}}@)?({_NAME})\.?(?::\d{{1,5}})?(?:[/?#]\S*)?\Z", re.I)
_PERSON = re.compile(r"[^\s@/]+@[^\s@/]+\Z")
# Endings that files have as well as countries: "setup.py", "notes.md"
_FILES = frozenset(
    {
        "py", "md", "rs", "sh", "pl", "ps", "so", "zip", "mov", "cc", "ml", "mm", "app", "pub",
        "ai", "vi", "gz", "bz", "js", "ts", "cs", "vb", "doc",
    }
)  # fmt: skip
_ENDINGS = frozenset(
    {
        "com", "net", "org", "info", "biz", "edu", "gov", "mil", "int", "name", "mobi", "asia",
        "dev", "online", "shop", "store", "site", "xyz", "top", "club", "cloud", "tech", "bank",
        "pro", "live", "news", "blog", "email", "support", "help", "world", "today", "group",
        "work", "space", "website", "link", "click", "vip", "wang", "ltd", "company", "team",
    }
)  # fmt: skip
_DOT = "\u3002"  # people take it for one, normal forms do not
# What people put around an address
_AROUND = " \t()[]{}<>.,;:!?*|-_/\"'`«»‘’“”•‹›→➔➜►▶…–—"
_GOOGLE = re.compile(r"(?:www\.)?google\.(?:com|com?\.[a-z]{2}|[a-z]{2})\Z")
_WRAPS: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = (
    (re.compile(r"(?:\w+\.)*safelinks\.protection\.outlook\.(?:com|cn)\Z"), r"/", ("url",)),
    (_GOOGLE, r"/(?:url|search)?\Z", ("q", "url")),
    (re.compile(r"l\.(?:facebook|instagram|messenger)\.com\Z"), r"/", ("u",)),
    (re.compile(r"(?:www\.)?youtube\.com\Z"), r"/redirect\Z", ("q",)),
    (re.compile(r"(?:www\.)?linkedin\.com\Z"), r"/(?:redir|safety)", ("url",)),
    (re.compile(r"(?:www\.)?steamcommunity\.com\Z"), r"/linkfilter", ("url", "u")),
    (re.compile(r"link\.zhihu\.com\Z"), r"/", ("target",)),
    (re.compile(r"(?:wx\.)?mail\.qq\.com\Z"), r"/.*readtemplate|/xmspam", ("gourl", "url")),
    (re.compile(r"(?:\w+\.)*protection\.sophos\.com\Z"), r"/", ("d",)),
    (re.compile(r"(?:\w+\.)*cudasvc\.com\Z"), r"/url", ("a",)),
)  # fmt: skip
_MAY_WRAP = re.compile(
    r"safelinks|google\.|facebook|instagram|messenger|youtube|linkedin|steamcomm|zhihu|mail\.qq|"
    r"sophos|cudasvc|urldefense",
    re.IGNORECASE,
)
_PROOFPOINT = re.compile(r"(?:[\w-]+\.)*urldefense(?:(?:\.proofpoint)?\.com|\.us)\Z")
_PROOFPOINT_3 = re.compile(r"/v3/__(.+?)__;")


def other_site(href: str, shown: str) -> str:
    """The host (as DNS knows it) that a link of the web opens, when its words name another site;
    else "". shown: without what nobody sees."""
    if not _WEB.match(href):
        return ""
    host, _ = host_and_user(unwrapped(href[:_MAX_URL]))
    site = registrable(host)
    misled = host and any(registrable(claimed) != site for claimed in claimed_hosts(shown))
    return dns_name(host) if misled else ""


def claimed_hosts(text: str) -> list[str]:
    """The hosts that a link's text says it leads to; what a sender hid may stand before another."""
    # Wide, bold and small letters are read as what they are of; some signs become many.
    plain = unicodedata.normalize("NFKC", text.strip(_AROUND))[: 2 * _MAX_SHOWN]
    text = plain.replace(_DOT, ".").strip(_AROUND)
    if _PERSON.match(text):
        return []
    said = [match[2] for match in _SAID.finditer(text)]
    if said:
        return said
    alone = _ALONE.match(text)
    if alone is None:
        return []
    ending = suffix_of(alone[1]).rpartition(".")[2]
    country = len(ending) == 2 and ending not in _FILES
    return [alone[1]] if country or ending in _ENDINGS or ending.startswith("xn--") else []


def unwrapped(url: str) -> str:
    """The address that a redirecting one wraps, however often; itself if it wraps none."""
    for _ in range(_MAX_WRAPS):
        if not _MAY_WRAP.search(url):
            break
        inner = _inner(url)
        if inner is None:
            break
        url = inner
    return url


def _inner(url: str) -> str | None:
    host, _ = host_and_user(url)
    if not host:
        return None
    try:
        parts = urlsplit(url)
        if _PROOFPOINT.match(host):
            return _proofpoint(parts.path, parts.query)
        for pattern, path, names in _WRAPS:
            if pattern.match(host) and re.match(path, parts.path or "/"):
                query = parse_qs(parts.query, max_num_fields=100)
                for name in names:
                    for value in query.get(name, ()):
                        if _WEB.match(value):
                            return value
    except ValueError:
        return None
    return None


def _proofpoint(path: str, query: str) -> str | None:
    version_3 = _PROOFPOINT_3.match(path)
    if version_3 is not None:
        found = re.sub(r"^(https?):/+", r"\1://", version_3[1])
    else:
        value = parse_qs(query, max_num_fields=100).get("u", [""])[0]
        found = unquote(value.replace("-", "%").replace("_", "/")) if "/v2" in path else value
    return found if _WEB.match(found) else None


def host_and_user(url: str) -> tuple[str, str]:
    """(host, what stands before its @) as a browser takes them apart."""
    head, mark, rest = url.partition("?")
    after = head.replace("\\", "/").partition(":")[2]
    authority = re.split(r"[/?#]", after.lstrip("/") + mark + rest, maxsplit=1)[0]
    user, _, place = authority.rpartition("@")
    if place.startswith("["):
        return place.partition("]")[0] + "]", user
    host = unquote(place.partition(":")[0])
    return host.rstrip(".").casefold()[:300], user


def dns_name(host: str) -> str:
    """The whole name in ASCII, where it can be had."""
    try:
        return host_name.ascii_name(host)
    except UnicodeError:
        return host if host.isprintable() else registrable(host)
