"""Names of attachments made safe to save under, on any system."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

from martlet.mime.words import clean

_BAD = re.compile(
    '[\\\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]'
)
# Joiners that join nothing: in ASCII, and at either end. Persian, Hindi and emoji need the others.
_LOOSE = re.compile(r"[\u200c\u200d]+(?=[\x00-\x7f]|\Z)|(?:\A|(?<=[\x00-\x7f]))[\u200c\u200d]+")
# Windows takes them for devices, whatever follows the first dot, and spaces before it
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$|clock\$) *(?:\.|\Z)", re.IGNORECASE
)
_MAX_BYTES = 200
_MAX_CHARS = 100_000
_KINDS = {
    "message/rfc822": ".eml", "text/plain": ".txt", "text/html": ".html", "image/jpeg": ".jpg",
    "text/calendar": ".ics", "application/pgp-signature": ".asc", "application/ms-tnef": ".dat",
    "application/pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m", "image/pjpeg": ".jpg",
    "application/octet-stream": "", "text/vcard": ".vcf", "text/x-vcard": ".vcf",
    "application/pgp-keys": ".asc", "application/x-pkcs7-signature": ".p7s",
    "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "message/global": ".eml",
}  # fmt: skip


def safe_filename(name: str, content_type: str) -> str:
    """A file name without folders, hidden or turned characters; never empty, at most 200 bytes.

    The end of a long name is kept, since it says what opens it.
    """
    if len(name) > _MAX_CHARS:
        name = name[:_MAX_BYTES] + name[-_MAX_BYTES:]
    name = unicodedata.normalize("NFC", clean(name))
    # Old Windows mailers sent whole paths
    name = re.split(r"[\\/]", name.rstrip("\\/"))[-1]
    name = _LOOSE.sub("", _BAD.sub("_", name))
    name = name.encode("utf-8", "replace").decode("utf-8")
    name = " ".join(name.split()).lstrip(". ").rstrip(". ")
    if not name.strip("_ "):
        return "attachment" + _extension(content_type)
    if _RESERVED.match(name):
        name = "_" + name
    return _shortened(name)


def _extension(content_type: str) -> str:
    known = _KINDS.get(content_type)
    if known is not None:
        return known
    return mimetypes.guess_extension(content_type, strict=False) or ""


def _shortened(name: str) -> str:
    if len(name.encode()) <= _MAX_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix.encode()) > 20:
        stem, suffix = name, ""
    tail = f".{suffix}" if suffix else ""
    kept = stem.encode()[: _MAX_BYTES - len(tail.encode())].decode("utf-8", "ignore")
    return kept.rstrip(". ") + tail
