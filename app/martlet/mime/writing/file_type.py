"""The media type of a file by its name, for what we send. The same on every computer for common
files, whatever its system says of them; what it alone knows is taken from it.
"""

from __future__ import annotations

import mimetypes

UNKNOWN = "application/octet-stream"

# By the end of the name: what Python's table lacks or has by an old name, and what systems differ
# in ("ts" is a video to some).
_TYPES = {
    "7z": "application/x-7z-compressed",
    "apk": "application/vnd.android.package-archive",
    "asc": "text/plain",
    "avif": "image/avif",
    "bz2": "application/x-bzip2",
    "c": "text/x-c",
    "conf": "text/plain",
    "csv": "text/csv",
    "deb": "application/vnd.debian.binary-package",
    "diff": "text/x-diff",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "eml": "message/rfc822",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "gz": "application/gzip",
    "heic": "image/heic",
    "heif": "image/heif",
    "ics": "text/calendar",
    "ini": "text/plain",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "log": "text/plain",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "md": "text/markdown",
    "mkv": "video/x-matroska",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ofd": "application/ofd",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "patch": "text/x-diff",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rar": "application/vnd.rar",
    "rtf": "application/rtf",
    "sql": "application/sql",
    "tar": "application/x-tar",
    "tgz": "application/gzip",
    "toml": "application/toml",
    "ts": "text/plain",
    "txt": "text/plain",
    "vcf": "text/vcard",
    "webm": "video/webm",
    "webp": "image/webp",
    "wps": "application/vnd.ms-works",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "xz": "application/x-xz",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "zip": "application/zip",
    "zst": "application/zstd",
}


def type_of_name(name: str) -> str:
    """`type/subtype` in small letters; "application/octet-stream" where nobody knows."""
    stem, dot, end = name.rpartition(".")
    known = _TYPES.get(end.strip().lower()) if dot and stem else None
    if known is not None:
        return known
    # Not as an address: a name may hold ":" and "?"
    kind, packed = mimetypes.guess_type(f"x.{end}" if dot and stem and end.isalnum() else "x")
    return kind if kind is not None and packed is None else UNKNOWN
