"""What is copied out of a letter: its pictures come along, also into another letter.

For other letters and programs they are in the markup itself; the letter they are of knows them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QImage

from martlet.ui.compose.images.picture_files import png

_OWN = "application/x-martlet-letter"
_PICTURE = re.compile(r'(?<=src=")cid:([^"<>]+)(?=")')
_MOST = 40 << 20


def with_pictures(copied: QMimeData, pictures: Mapping[str, QImage]) -> QMimeData:
    """The same, with these pictures (by Content-ID) in its markup."""
    markup = copied.html()
    left = _MOST

    def inside(found: re.Match[str]) -> str:
        nonlocal left
        image = pictures.get(found[1])
        if image is None or image.isNull():
            return found[0]
        data = base64.b64encode(png(image)).decode("ascii")
        left -= len(data)
        return f"data:image/png;base64,{data}" if left >= 0 else found[0]

    made = QMimeData()
    made.setText(copied.text())
    made.setHtml(_PICTURE.sub(inside, markup))
    made.setData(_OWN, QByteArray(markup.encode("utf-8", "replace")))
    return made


def markup_for(pasted: QMimeData, known: frozenset[str]) -> str:
    """The markup to paste into a letter that knows these pictures."""
    if pasted.hasFormat(_OWN):
        markup = bytes(pasted.data(_OWN).data()).decode("utf-8", "replace")
        if known.issuperset(_PICTURE.findall(markup)):
            return markup
    return pasted.html()
