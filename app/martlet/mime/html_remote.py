"""What one message's markup would load: its own parts, data, pictures from elsewhere, the rest.

Answers for every address with the one to use instead, and counts (`mail.reading.Remote`). Relative
addresses are of the mail's <base>, as in a browser; without one they lead nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote, urljoin, urlsplit

from martlet.mail.reading import Remote
from martlet.mime import trackers

_REMOTE_URL = "martlet-part:/remote/"
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_WEB = re.compile(r"(https?):[\\/]*", re.IGNORECASE)
_ORDINARY = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?:[/?#][!#-\[\]-~]*)?\Z", re.ASCII)
_OTHER = re.compile(r"(?:ftp|file|wss?|blob|filesystem|smb|nfs|gopher|ftps|sftp):", re.IGNORECASE)
_DATA = re.compile(
    r"data:image/(?:png|jpe?g|gif|webp|bmp|avif)(?:;[a-z0-9=._-]{1,40}){0,9};base64,", re.IGNORECASE
)
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=%_-"
_DATA_URL = "martlet-part:/data/"
_DATA_PLACE = re.compile(rf'(?<=src="){_DATA_URL}(\d+)(?=")')
_BULK = 4_000
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]+")
_LINE = re.compile(r"[\t\n\r]+")
_MAX_URL = 8_000
_MAX_PICTURES = 1_000
_MAX_OTHER = 10_000
_SLOW = 2_000_000


class Wanted:
    """Collects what is asked for while one message is cleaned."""

    def __init__(self, part_url: Callable[[str], str | None], pictures: bool) -> None:
        self._part_url = part_url
        self._shown = pictures
        self._base = ""
        self._numbers: dict[str, int] = {}
        self._trackers: set[str] = set()
        self._other: set[str] = set()
        self._answers: dict[str, str | None] = {}
        self._slow = _SLOW
        self._aside: list[str] = []
        self.issued: set[str] = set()

    def set_base(self, url: str) -> None:
        """The first <base> counts, if it is of the web."""
        if not self._base:
            self._base = self.web_address(url) or ""

    def remote(self) -> Remote:
        """All that was asked for so far."""
        trackers_only = self._trackers - self._numbers.keys()
        return Remote(
            pictures=tuple(self._numbers),
            trackers=len(trackers_only),
            other=len(self._other),
            shown=self._shown,
        )

    def picture(self, url: str, calm: bool = True) -> str | None:
        """The URL to load a background from, or None."""
        own, use = self._own(url)
        if own:
            return use
        address = self.web_address(url)
        if address is None:
            self.refuse(url)
            return None
        if trackers.known(address):
            self._tracker(address)
            return None
        if not calm:
            self.refuse(address)
            return None
        return self._picture(address)

    def image(self, url: str, unseen: bool, size_told: bool) -> str | None:
        """The same for an <img>. unseen: it is hidden or of no size; size_told: it is of some."""
        own, use = self._own(url)
        if own:
            return self._set_aside(use) if use is not None and len(use) > _BULK else use
        address = self.web_address(url)
        if address is None:
            self.refuse(url)
            return None
        if unseen and not trackers.spacer(address):
            self._tracker(address)
            return None
        if trackers.known(address) or (not size_told and trackers.usual(address)):
            self._tracker(address)
            return None
        return self._picture(address)

    def refuse(self, url: str) -> None:
        """Something that is loaded in no case, counted if it is remote."""
        address = self.web_address(url)
        bare = _CONTROL.sub("", url[:_MAX_URL])
        if address is None and _OTHER.match(bare):
            address = bare
        if address is not None and len(self._other) < _MAX_OTHER:
            self._other.add(address[:_MAX_URL])

    def afford(self, size: int) -> bool:
        """Whether so many characters may still be read the slow way."""
        self._slow -= size + 100
        return self._slow >= 0

    def web_address(self, url: str) -> str | None:
        """The address as http: or https: with a host, None if it is none."""
        if len(url) <= _MAX_URL and _ORDINARY.match(url):
            return url
        plain = _LINE.sub("", url.strip("".join(map(chr, range(33)))))
        if not plain or len(plain) > _MAX_URL:
            return None
        web = _WEB.match(plain)
        if web is not None:
            plain = f"{web[1].lower()}://{plain[web.end() :]}"
        elif _SCHEME.match(plain):
            return None
        elif plain[:2].replace("\\", "/") == "//":
            plain = f"https://{plain.lstrip(chr(92) + '/')}"
        elif self._base:
            plain = self._joined(plain)
        else:
            return None
        head, mark, query = plain.partition("?")
        plain = head.replace("\\", "/") + mark + query
        plain = _CONTROL.sub("%20", plain)
        try:
            parts = urlsplit(plain)
            return plain if parts.scheme in ("http", "https") and parts.hostname else None
        except ValueError:
            return None

    def _joined(self, relative: str) -> str:
        if not self.afford(len(self._base) + len(relative)):
            return ""
        try:
            return urljoin(self._base, relative)
        except ValueError:
            return ""

    def _own(self, url: str) -> tuple[bool, str | None]:
        """Whether the message itself holds it, or would have to, and the URL for it."""
        plain = url.strip()
        if len(plain) > _BULK and "data" not in plain[:100].lower():
            return False, None
        bare = "".join(plain.split()) if len(plain) > _BULK else _CONTROL.sub("", plain)
        scheme = bare[:5].lower()
        if scheme == "data:":
            return True, self._issue(bare if is_data(bare) else None)
        if scheme.startswith("cid:"):
            return True, self._part(unquote(bare[4:]).strip("<>"))
        if bare:
            found = self._part(bare)
            if found is not None:
                return True, found
        return False, None

    def restored(self, cleaned: str) -> str:
        """Cleaned markup with the large pictures that were set aside."""
        if not self._aside:
            return cleaned
        return _DATA_PLACE.sub(lambda found: self._data(int(found[1])), cleaned)

    def _data(self, number: int) -> str:
        if number >= len(self._aside):
            return ""
        # Each stands in one place; a text may name it as often as it likes
        url, self._aside[number] = self._aside[number], ""
        return url

    def _set_aside(self, url: str) -> str:
        """A short name for megabytes that nobody has to parse again."""
        self._aside.append(url)
        return self._issue(f"{_DATA_URL}{len(self._aside) - 1}") or ""

    def _part(self, name: str) -> str | None:
        if name not in self._answers:
            self._answers[name] = self._part_url(name)
        return self._issue(self._answers[name])

    def _picture(self, address: str) -> str | None:
        number = self._numbers.get(address)
        if number is None:
            if len(self._numbers) >= _MAX_PICTURES:
                self.refuse(address)
                return None
            number = self._numbers[address] = len(self._numbers)
        return self._issue(f"{_REMOTE_URL}{number}") if self._shown else None

    def _tracker(self, address: str) -> None:
        if len(self._trackers) < _MAX_OTHER:
            self._trackers.add(address)

    def _issue(self, url: str | None) -> str | None:
        if url is not None and len(url) < _MAX_URL:
            self.issued.add(url)
        return url


def is_data(url: str) -> bool:
    """Whether it is a picture of its own, of a kind that can hold nothing else."""
    head = _DATA.match(url)
    if head is None or not url.isascii():
        return False
    return not url[head.end() :].encode("ascii").translate(None, _BASE64)
