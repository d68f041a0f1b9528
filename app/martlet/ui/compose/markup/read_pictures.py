"""Which pictures of foreign HTML stay in a letter. Nothing is fetched, nothing read from disk."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from martlet.ui.compose.markup.lines import Run
from martlet.ui.compose.markup.read_looks import pixels_of

_DATA_URI = re.compile(r"data:image/(png|jpe?g|gif|webp|bmp)(?:;[\w=-]+)*;base64,", re.IGNORECASE)
_MOST_DATA = 40 << 20
_MOST = 300
_LONGEST_URL = 8000


class PicturesRead:
    """remote: addresses of those that stay marked places. data: bytes of those that came along, by
    what stands in their runs as `picture`. foreign: what does not lie in the letter counts too.
    """

    def __init__(self, has_picture: Callable[[str], bool], *, foreign: bool) -> None:
        self.remote: list[str] = []
        self.data: dict[str, bytes] = {}
        self._has_picture = has_picture
        self._foreign = foreign
        self._left = _MOST_DATA

    def run(self, attributes: dict[str, str], href: str) -> Run | None:
        """What stands in the letter for an <img>; None: nothing."""
        src = attributes.get("src", "").strip()
        width = pixels_of(attributes.get("width", ""))
        height = pixels_of(attributes.get("height", ""))
        alt = attributes.get("alt", "")
        scheme = src[:6].casefold()
        if not src or (self._foreign and scheme.startswith(("http:", "https:"))):
            # Our own mark for one that was not fetched, and what lazy pages write
            url = src or attributes.get("data-src", "").strip()
            if not url[:8].casefold().startswith(("http://", "https://")):
                return None
            counts = width in (1, 2) or height in (1, 2)  # readers, and nothing else
            if len(self.remote) >= _MOST or len(url) > _LONGEST_URL or counts:
                return None
            self.remote.append(url)
            return Run(alt, href=href, width=width, remote=url)
        if scheme.startswith("cid:"):
            if self._has_picture(src[4:]):
                return Run(alt, href=href, picture=src[4:], width=width)
        elif self._foreign and scheme.startswith("data:"):
            return self._along(src, Run(alt, href=href, width=width))
        return None

    def _along(self, src: str, run: Run) -> Run | None:
        found = _DATA_URI.match(src)
        if found is None or len(src) > self._left or len(self.data) >= _MOST:
            return None
        self._left -= len(src)
        try:
            data = base64.b64decode(src[found.end() :])
        except (binascii.Error, ValueError):
            return None
        name = f"data-{len(self.data) + 1}"
        self.data[name] = data
        return Run(run.text, href=run.href, width=run.width, picture=name)
