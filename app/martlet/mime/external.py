"""Bodies that are not in the message but somewhere else: message/external-body (RFC 2046, 5.2.3;
RFC 2017). They are described, and never fetched.
"""

from __future__ import annotations

import re
from urllib.parse import quote as escaped
from urllib.parse import urlsplit, urlunsplit

from martlet.mail import host_name
from martlet.mail.cards import Elsewhere
from martlet.mime.charset import decode
from martlet.mime.filenames import safe_filename
from martlet.mime.label import label
from martlet.mime.parse import parse
from martlet.mime.part import Part
from martlet.mime.words import decode_text

EXTERNAL = "message/external-body"
MAX_PHANTOM = 64 << 10
_MAX_URL = 2000
_MAX_WORDS = 300
# What a program of the person's own may be asked to open; anything else is only told.
_OPENED = frozenset({"http", "https", "ftp", "mailto"})
_FTP = frozenset({"anon-ftp", "ftp"})
# RFC 2046 itself forgets the semicolon after mail-server, and was copied
_FORGOTTEN = re.compile(r'([A-Za-z-]{1,40})="?([^";]*)"?')
_MODES = {"ascii": ";type=a", "image": ";type=i"}


def elsewhere(part: Part) -> Elsewhere | None:
    """Where the body of a message/external-body part is; None where the part does not say."""
    if part.content_type != EXTERNAL:
        return None
    said = dict(part.parameters)
    written, _, rest = said.get("access-type", "").strip().partition(" ")
    for match in _FORGOTTEN.finditer(rest):
        said.setdefault(match[1].lower(), match[2])
    access = label(written).lower()[:40] or ("url" if "url" in said else "")
    if not access:
        return None
    # Its body is a header, and text that only a mail server is to read ("phantom body")
    phantom = parse(part.data()[:MAX_PHANTOM])
    where, url = _place(access, said, phantom.root.data())
    if not where:
        return None
    head = phantom.root
    name = head.filename or decode_text(head.headers.get("content-description"))
    name = name or (label(said.get("name", "")) if access != "mail-server" else "")
    has_type = bool(head.headers.get("content-type"))
    kind = label(head.content_type)[:100] if has_type else ""
    size = said.get("size", "").strip()
    return Elsewhere(
        part.path,
        access,
        label(where),
        url,
        safe_filename(name, kind) if name else "",
        kind,
        int(size) if size.isascii() and size.isdecimal() and len(size) < 16 else None,
        label(said.get("expiration", ""))[:100],
    )


def _place(access: str, said: dict[str, str], commands: bytes) -> tuple[str, str]:
    """In words, and as a URL that may be opened ("" for none)."""
    site = "".join(label(said.get("site", "")).split())[:255]
    path = label(said.get("name", ""))[:_MAX_WORDS]
    folder = label(said.get("directory", ""))[:_MAX_WORDS]
    if folder and path:
        path = f"{folder.rstrip('/')}/{path}"
    if access == "url":
        return _web("".join(label(said.get("url", ""), _MAX_URL + 1).split()))
    if access == "mail-server":
        return _by_mail(label(said.get("server", "")), label(said.get("subject", "")), commands)
    if access in _FTP:
        if not (site and path):
            return "", ""
        host = _host(site)
        # An absolute path is one below the root, not one below where a guest comes in
        place = _quoted(path[1:] if path.startswith("/") else path, safe="/~")
        url = f"ftp://{host}/{place}{_MODES.get(said.get('mode', '').lower(), '')}" if host else ""
        return f"{path} on {site} (FTP)", url
    if access == "tftp":
        return (f"{path} on {site} (TFTP)", "") if site and path else ("", "")
    if access == "local-file":
        computers = f"computers of {site}" if site else "the sender's computer"
        return (f"{path} on {computers}", "") if path else ("", "")
    if access == "afs":
        return (f"{path} (AFS)", "") if path else ("", "")
    told = [f"{name}: {label(value)}" for name, value in said.items() if name != "access-type"]
    return ", ".join(told)[:_MAX_WORDS] or access, ""


def _web(written: str) -> tuple[str, str]:
    """A URL as it may be opened: with the host as DNS knows it, without a name before an @."""
    if not written:
        return "", ""
    told = written[:_MAX_WORDS]
    try:
        split = urlsplit(written)
        host, port = split.hostname or "", split.port
    except ValueError:
        return told, ""
    scheme = split.scheme.lower()
    if scheme not in _OPENED or len(written) > _MAX_URL:
        return told, ""
    query = _quoted(split.query, safe="/?:@!$&'()*+,;=%-._~")
    if scheme == "mailto":
        return told, urlunsplit(
            ("mailto", "", _quoted(split.path, safe="@!$&'*+,=%-._~"), query, "")
        )
    host = _host(host)
    if not host:
        return told, ""
    place = host if port is None else f"{host}:{port}"
    path = _quoted(split.path, safe="/:@!$&'()*+,;=%-._~")
    url = urlunsplit((scheme, place, path, query, _quoted(split.fragment, safe="/?:@!$&'()*+,;=%")))
    return url[:_MAX_WORDS], url


def _by_mail(server: str, subject: str, commands: bytes) -> tuple[str, str]:
    """A mail that asks for the body; the person reads it before it goes."""
    local, at, domain = server.rpartition("@")
    if not (local and at and domain) or len(server) > 320 or any(c.isspace() for c in server):
        return "", ""
    lines = decode(commands[:_MAX_URL]).replace("\r\n", "\n").strip()
    body = "\r\n".join(label(line) for line in lines.split("\n"))
    asked = {"subject": subject[:_MAX_WORDS], "body": body}
    query = "&".join(f"{name}={_quoted(value, safe='')}" for name, value in asked.items() if value)
    url = f"mailto:{_quoted(local, safe='')}@{_quoted(domain, safe='')}"
    return f"sent by {server} when asked by mail", f"{url}?{query}" if query else url


def _host(name: str) -> str:
    """A host name as DNS knows it, or a number; "" for what is none."""
    if ":" in name:
        return f"[{name}]" if all(c in "0123456789abcdefABCDEF:." for c in name) else ""
    if len(name) > 255:
        return ""
    try:
        found = host_name.ascii_name(name)
    except ValueError:
        return ""
    good = found and all(c.isalnum() or c in "-._" for c in found) and found.isascii()
    return found if good else ""


def _quoted(text: str, safe: str) -> str:
    return escaped(text, safe=safe, errors="replace")
