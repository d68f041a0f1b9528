"""How many attachments a message seems to have, from its BODYSTRUCTURE (RFC 9051, 7.5.2).

A hint for the list before the body is here; `mime` counts properly afterwards. Never raises:
what cannot be read has no attachments.
"""

from __future__ import annotations

from martlet.mail.errors import BadServer
from martlet.net.imap_cursor import Structure, Value, values

# What a structure holds that has anything but text in it; most mails have none of these.
_SIGNS = (b'"attachment"', b'name"', b"name*", b'"message" "rfc822"')


def attachments_hint(structure: Structure | None) -> int:
    """The number of parts that look like attachments to a person."""
    if structure is None:
        return 0
    lower = structure.text.lower()
    if not structure.literals and not any(sign in lower for sign in _SIGNS):
        return 0
    try:
        found = values(structure)
    except BadServer:
        return 0
    return _count(found[0], related=False) if found else 0


def _count(part: Value, *, related: bool) -> int:
    if not isinstance(part, list) or not part:
        return 0
    if isinstance(part[0], list):
        children = [child for child in part if isinstance(child, list)]
        # The lists after the subtype are parameters and disposition, not parts.
        count = next((i for i, child in enumerate(part) if not isinstance(child, list)), len(part))
        subtype = part[count] if count < len(part) else b""
        inside = isinstance(subtype, bytes) and subtype.lower() == b"related"
        return sum(_count(child, related=inside) for child in children[:count])
    kind = _lower(part[0])
    subtype = _lower(part[1]) if len(part) > 1 else b""
    disposition, named = _disposition(part[7:])
    if disposition == b"attachment":
        return 1
    if related and len(part) > 3 and part[3]:
        return 0
    named = named or (len(part) > 2 and _names(part[2]))
    if kind == b"message" and subtype == b"rfc822":
        return 1
    if kind == b"text" and disposition == b"inline":
        return 0
    return 1 if named else 0


def _disposition(rest: list[Value]) -> tuple[bytes, bool]:
    """The disposition and whether it names a file; where it stands depends on the type."""
    for value in rest:
        if isinstance(value, list) and len(value) == 2 and isinstance(value[0], bytes):
            name = value[0].lower()
            if name in (b"attachment", b"inline"):
                return name, _names(value[1])
    return b"", False


def _names(parameters: Value) -> bool:
    if not isinstance(parameters, list):
        return False
    return any(
        isinstance(name, bytes) and name.lower().split(b"*")[0] in (b"name", b"filename")
        for name in parameters[::2]
    )


def _lower(value: Value) -> bytes:
    return value.lower() if isinstance(value, bytes) else b""
