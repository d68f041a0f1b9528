"""What an attachment is, and what speaks against opening it: from name, type and first bytes.

Pure: reads no more of a file than the bytes it is given, opens nothing and decides nothing. Facts
come with one English sentence each (`SENTENCES`); what is done about them is up to the window.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from martlet.mail.file_types import (
    DISKS,
    ENDINGS,
    MACROS,
    MAGIC,
    NOTEBOOKS,
    PAGES,
    PROGRAMS,
    SCRIPTS,
    SHORTCUTS,
    TYPES,
    Kind,
)

NEEDED = 4096
"""Bytes of the start that are looked at; more are not."""


class Risk(Enum):
    """One thing that speaks against opening a file. Heaviest first."""

    PROGRAM = "program"
    SCRIPT = "script"
    SHORTCUT = "shortcut"
    DISK = "disk"
    DOUBLE_ENDING = "double ending"
    DISGUISED = "disguised"
    DISAGREES = "disagrees"
    MACROS = "macros"
    NOTEBOOK = "notebook"
    PAGE = "page"
    LOCKED = "locked"


SENTENCES = MappingProxyType(
    {
        Risk.PROGRAM: "This is a program. Running it lets whoever made it do anything you can do.",
        Risk.SCRIPT: "This is a script: a system would run it instead of showing it.",
        Risk.SHORTCUT: "This is a shortcut. It can start programs or lead elsewhere.",
        Risk.DISK: "This is the image of a disk; programs in it escape the usual warnings.",
        Risk.DOUBLE_ENDING: "Its name ends twice, to look like a kind of file that it is not.",
        Risk.DISGUISED: "Its name held invisible characters, or some that turn the writing round.",
        Risk.DISAGREES: "It is not the kind of file that its name or the sender says.",
        Risk.MACROS: "This document can hold macros, which are programs.",
        Risk.NOTEBOOK: "This notebook can hold programs that start with a click.",
        Risk.PAGE: "This is a web page. It can imitate a site you know and ask for your password.",
        Risk.LOCKED: "It is locked with a password, so that nothing can look for harm in it.",
    }
)
_NEVER = frozenset({Risk.PROGRAM, Risk.SCRIPT, Risk.SHORTCUT, Risk.DISK})
# A locked archive is how careful people send things, too: it is said, and opens like others.
_QUIET = frozenset({Risk.LOCKED})
# Endings that people take for harmless, so that one before the last is a trick.
_TRUSTED = re.compile(r"[^.]\.(\w{2,5})[\s._\-\u2026]*\Z")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is and its risks, heaviest first."""

    kind: Kind
    risks: tuple[Risk, ...] = ()

    @property
    def never_opened(self) -> bool:
        """Whether it is only ever saved."""
        return any(risk in _NEVER for risk in self.risks)

    @property
    def warned(self) -> bool:
        """Whether a person is asked before it is opened."""
        return any(risk not in _QUIET for risk in self.risks)


def about(
    name: str, content_type: str, start: bytes = b"", *, disguised: bool = False
) -> FileFacts:
    """The facts of a file. name: safe to save under. start: its first bytes, as far as known.

    disguised: its name as sent held invisible or turning characters.
    """
    ending = ending_of(name)
    content_type = content_type.lower()
    start = start[:NEEDED]
    found = _sniffed(start)
    named = _named(ending)
    said = _said(content_type)
    risks: list[Risk] = []
    program = ending in PROGRAMS or content_type in _PROGRAM_TYPES or found is Kind.PROGRAM
    script = ending in SCRIPTS or content_type in _SCRIPT_TYPES or start.startswith(b"#!")
    risks += [Risk.PROGRAM] * program + [Risk.SCRIPT] * (script and not program)
    risks += [Risk.SHORTCUT] * (ending in SHORTCUTS or start.startswith(_SHORTCUT_MAGIC))
    risks += [Risk.DISK] * (ending in DISKS)
    runs = bool(risks)
    dangerous = runs or ending in PAGES or ending in MACROS
    if dangerous and _ends_twice(name, ending):
        risks.append(Risk.DOUBLE_ENDING)
    if disguised:
        risks.append(Risk.DISGUISED)
    if not runs or (found is Kind.PROGRAM and ending not in PROGRAMS):
        risks += [Risk.DISAGREES] * _disagree(named, said, found)
    risks += [Risk.MACROS] * (ending in MACROS or "macroenabled" in content_type)
    risks += [Risk.NOTEBOOK] * (ending in NOTEBOOKS)
    risks += [Risk.PAGE] * (ending in PAGES or content_type in _PAGE_TYPES or _is_page(start))
    risks += [Risk.LOCKED] * _locked(start)
    kind = Kind.PROGRAM if runs else _kind(named, said, found)
    return FileFacts(kind, tuple(risks))


def ending_of(name: str) -> str:
    """What follows the last dot, in small letters; "" without one. Spaces and dots that Windows
    leaves away at the end count as not there."""
    stem, dot, ending = name.rstrip(". \t\u00a0\u3000").rpartition(".")
    return ending.strip().lower() if dot and stem else ""


_PROGRAM_TYPES = frozenset(
    {
        "application/x-msdownload", "application/x-dosexec", "application/x-msdos-program",
        "application/vnd.microsoft.portable-executable", "application/x-executable",
        "application/x-msi", "application/java-archive", "application/x-java-archive",
        "application/vnd.android.package-archive", "application/x-elf", "application/x-mach-binary",
        "application/x-debian-package", "application/vnd.debian.binary-package",
        "application/x-rpm", "application/x-sharedlib",
    }
)  # fmt: skip
_SCRIPT_TYPES = frozenset(
    {
        "application/javascript", "text/javascript", "application/x-javascript", "application/hta",
        "application/x-sh", "application/x-shellscript", "text/x-shellscript", "application/x-bat",
        "text/vbscript", "application/x-powershell", "application/x-perl", "text/x-python",
        "application/x-desktop",
    }
)  # fmt: skip
_PAGE_TYPES = frozenset(
    {"text/html", "application/xhtml+xml", "image/svg+xml", "multipart/related", "message/rfc2557"}
)
_SHORTCUT_MAGIC = (b"L\0\0\0\x01\x14\x02\0", b"[InternetShortcut]", b"[Desktop Entry]")


def _named(ending: str) -> Kind | None:
    return ENDINGS.get(ending)


def _said(content_type: str) -> Kind | None:
    if (known := TYPES.get(content_type)) is not None:
        return known
    return {
        "image": Kind.PICTURE,
        "audio": Kind.AUDIO,
        "video": Kind.VIDEO,
        "text": Kind.TEXT,
        "message": Kind.TEXT,
    }.get(content_type.partition("/")[0])


def _sniffed(start: bytes) -> Kind | None:
    if start[:4] == b"RIFF":
        forms = {b"WEBP": Kind.PICTURE, b"WAVE": Kind.AUDIO, b"AVI ": Kind.VIDEO}
        return forms.get(start[8:12])
    if start[4:8] == b"ftyp":
        brand = start[8:12]
        if brand in (b"M4A ", b"M4B "):
            return Kind.AUDIO
        return Kind.PICTURE if brand in (b"avif", b"heic", b"heix", b"mif1") else Kind.VIDEO
    if start[:2] == b"MZ" and len(start) > 63:
        return Kind.PROGRAM
    found = next((kind for magic, kind in MAGIC if start.startswith(magic)), None)
    if found is None and b"%PDF-" in start[:1024]:
        return Kind.PDF
    return found


def _kind(named: Kind | None, said: Kind | None, found: Kind | None) -> Kind:
    """Bytes say most; but an archive or a text may be what its name says more narrowly."""
    if found is not None and found is not Kind.ARCHIVE:
        return found
    narrow = named or said
    if found is Kind.ARCHIVE:
        return narrow if narrow in _ZIPPED else Kind.ARCHIVE
    if said in (Kind.PICTURE, Kind.PDF, Kind.AUDIO, Kind.VIDEO, Kind.MESSAGE) and named is None:
        return said
    return narrow or Kind.OTHER


# What may lie in a ZIP without saying so.
_ZIPPED = frozenset({Kind.DOCUMENT, Kind.SHEET, Kind.SLIDES, Kind.PROGRAM, Kind.OTHER})
# Kinds whose bytes are always known by their start; what claims one and starts otherwise lies.
_CERTAIN = frozenset({Kind.PICTURE, Kind.PDF, Kind.ARCHIVE, Kind.VIDEO, Kind.PROGRAM})


def _disagree(named: Kind | None, said: Kind | None, found: Kind | None) -> bool:
    """Whether two of them that are sure of themselves say different things.

    application/octet-stream and text/plain are what senders say who do not know.
    """
    if found is not None:
        if found is Kind.ARCHIVE and (named in _ZIPPED or said in _ZIPPED):
            return False
        media = (Kind.AUDIO, Kind.VIDEO)
        return any(
            claim is not None and claim is not found and not (claim in media and found in media)
            for claim in (named, None if said is Kind.TEXT else said)
        )
    sure = _CERTAIN
    return named in sure and said in sure and named is not said


def _ends_twice(name: str, ending: str) -> bool:
    stem = name.rstrip(". \t\u00a0\u3000")[: -len(ending) - 1] if ending else name
    before = _TRUSTED.search(stem)
    if before is None:
        # Or so many spaces that the real ending is out of sight.
        return bool(re.search(r"\s{4,}\Z", stem))
    return before[1].lower() in ENDINGS and ENDINGS[before[1].lower()] is not Kind.PROGRAM


def _is_page(start: bytes) -> bool:
    head = start[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<svg"))


def _locked(start: bytes) -> bool:
    """A ZIP whose first file is encrypted (APPNOTE 4.4.4, bit 0), a PDF that says so early, or an
    office file locked as a whole (its OLE directory names EncryptedPackage)."""
    if start[:4] == b"PK\x03\x04" and len(start) >= 8:
        return bool(struct.unpack_from("<H", start, 6)[0] & 1)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "EncryptedPackage".encode("utf-16-le") in start
    return False
