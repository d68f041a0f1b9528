"""Tables of file kinds: by ending, by type, by first bytes. No judgement; `file_risk` judges."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType


class Kind(Enum):
    """What a file is to a person. The value is its English name."""

    PICTURE = "picture"
    PDF = "PDF document"
    TEXT = "text"
    AUDIO = "sound"
    VIDEO = "film"
    ARCHIVE = "archive"
    DOCUMENT = "document"
    SHEET = "spreadsheet"
    SLIDES = "presentation"
    CALENDAR = "calendar"
    CONTACT = "contact"
    MESSAGE = "message"
    PROGRAM = "program"
    OTHER = "file"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


PROGRAMS = _set(
    "exe com scr pif cpl msi msp msix msixbundle appx appxbundle application gadget dll ocx sys"
    " jar jnlp apk xapk ipa app appimage run deb rpm snap flatpak flatpakref pkg mpkg dmg xpi"
    " crx air action workflow elf so xll wll ade adp mde accde"
)
SCRIPTS = _set(
    "bat cmd js jse mjs cjs vbs vbe vb wsf wsh wsc ws hta ps1 ps1xml ps2 psc1 psc2 psm1 psd1 msh"
    " msh1 msh2 sct shb sh bash zsh csh ksh fish command tool py pyc pyw pyz pl rb php lua tcl"
    " applescript scpt scptd terminal ahk au3 reg inf job chm hlp diagcab msc mst osd"
    " settingcontent-ms appref-ms ppkg theme themepack deskthemepack xbap library-ms"
    " search-ms searchconnector-ms"
)
SHORTCUTS = _set("lnk url desktop webloc scf website mad maf mag mam maq mar mas mat")
DISKS = _set("iso img vhd vhdx vmdk udf wim nrg toast")
MACROS = _set("docm dotm xlsm xltm xlsb xlam xla pptm potm ppsm ppam sldm slk iqy oqy rqy dqy odb")
NOTEBOOKS = _set("one onepkg onetoc2 ipynb")
PAGES = _set("html htm xhtml xht shtml mht mhtml svg svgz xsl xslt maff")
ARCHIVES = _set("zip 7z rar tar gz tgz bz2 tbz2 xz txz zst lz lzma cab arj ace z lzh uue cpio")

_BY_KIND = {
    Kind.PICTURE: "png jpg jpeg jpe jfif gif webp bmp tif tiff ico cur heic heif avif svg svgz tga"
    " pbm pgm ppm xbm xpm psd jxl icns",
    Kind.PDF: "pdf",
    Kind.TEXT: "txt text log md markdown rst csv tsv json xml yaml yml toml ini conf cfg diff patch"
    " asc sig srt vtt tex c h cpp hpp cc java go rs ts css sql html htm xhtml mht mhtml po gpx kml"
    " geojson ndjson properties p7s",
    Kind.AUDIO: "mp3 ogg oga opus flac wav m4a aac wma aif aiff amr mid midi m4b weba",
    Kind.VIDEO: "mp4 m4v mov avi mkv webm wmv mpg mpeg 3gp ogv flv mts",
    Kind.ARCHIVE: " ".join(ARCHIVES),
    Kind.DOCUMENT: "doc docx docm dot dotx dotm odt ott fodt rtf pages wpd wps epub one onepkg"
    " mobi azw3 djvu xps oxps ps eps",
    Kind.SHEET: "xls xlsx xlsm xlsb xlt xltx xltm ods ots fods numbers slk",
    Kind.SLIDES: "ppt pptx pptm pps ppsx ppsm pot potx potm odp otp fodp key",
    Kind.CALENDAR: "ics ical ifb vcs",
    Kind.CONTACT: "vcf vcard",
    Kind.MESSAGE: "eml mbox msg",
    Kind.PROGRAM: " ".join(PROGRAMS | SCRIPTS | SHORTCUTS | DISKS),
}
ENDINGS = MappingProxyType(
    {ending: kind for kind, endings in _BY_KIND.items() for ending in endings.split()}
)

TYPES = MappingProxyType(
    {
        "application/pdf": Kind.PDF,
        "application/x-pdf": Kind.PDF,
        "text/calendar": Kind.CALENDAR,
        "application/ics": Kind.CALENDAR,
        "text/vcard": Kind.CONTACT,
        "text/x-vcard": Kind.CONTACT,
        "text/directory": Kind.CONTACT,
        "message/rfc822": Kind.MESSAGE,
        "message/global": Kind.MESSAGE,
        "application/vnd.ms-outlook": Kind.MESSAGE,
        "application/mbox": Kind.MESSAGE,
        "application/zip": Kind.ARCHIVE,
        "application/x-zip-compressed": Kind.ARCHIVE,
        "application/gzip": Kind.ARCHIVE,
        "application/x-gzip": Kind.ARCHIVE,
        "application/x-tar": Kind.ARCHIVE,
        "application/x-7z-compressed": Kind.ARCHIVE,
        "application/vnd.rar": Kind.ARCHIVE,
        "application/x-rar-compressed": Kind.ARCHIVE,
        "application/zstd": Kind.ARCHIVE,
        "application/x-bzip2": Kind.ARCHIVE,
        "application/x-xz": Kind.ARCHIVE,
        "application/msword": Kind.DOCUMENT,
        "application/rtf": Kind.DOCUMENT,
        "text/rtf": Kind.DOCUMENT,
        "application/postscript": Kind.DOCUMENT,
        "application/epub+zip": Kind.DOCUMENT,
        "application/vnd.oasis.opendocument.text": Kind.DOCUMENT,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Kind.DOCUMENT,
        "application/vnd.ms-word.document.macroenabled.12": Kind.DOCUMENT,
        "application/vnd.ms-excel": Kind.SHEET,
        "application/vnd.oasis.opendocument.spreadsheet": Kind.SHEET,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Kind.SHEET,
        "application/vnd.ms-excel.sheet.macroenabled.12": Kind.SHEET,
        "application/vnd.ms-powerpoint": Kind.SLIDES,
        "application/vnd.oasis.opendocument.presentation": Kind.SLIDES,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": Kind.SLIDES,
        "application/json": Kind.TEXT,
        "application/xml": Kind.TEXT,
        "application/pgp-signature": Kind.TEXT,
        "application/pgp-keys": Kind.TEXT,
        "application/ogg": Kind.AUDIO,
    }
)

# How files begin. RIFF, ISO media and MZ want a second look; text has no such sign.
MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", Kind.PICTURE),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"GIF87a", Kind.PICTURE),
    (b"GIF89a", Kind.PICTURE),
    (b"II*\0", Kind.PICTURE),
    (b"MM\0*", Kind.PICTURE),
    (b"\0\0\x01\0", Kind.PICTURE),
    (b"%PDF-", Kind.PDF),
    (b"OggS", Kind.AUDIO),
    (b"fLaC", Kind.AUDIO),
    (b"ID3", Kind.AUDIO),
    (b"\x1aE\xdf\xa3", Kind.VIDEO),
    (b"PK\x03\x04", Kind.ARCHIVE),
    (b"PK\x05\x06", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"Rar!\x1a\x07", Kind.ARCHIVE),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"BZh", Kind.ARCHIVE),
    (b"\xfd7zXZ\0", Kind.ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Kind.ARCHIVE),
    (b"MSCF", Kind.ARCHIVE),
    (b"\x7fELF", Kind.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Kind.PROGRAM),
    (b"\xce\xfa\xed\xfe", Kind.PROGRAM),
    (b"\xca\xfe\xba\xbe", Kind.PROGRAM),
    (b"!<arch>\ndebian", Kind.PROGRAM),
    (b"\xed\xab\xee\xdb", Kind.PROGRAM),
    (b"{\\rtf", Kind.DOCUMENT),
)
