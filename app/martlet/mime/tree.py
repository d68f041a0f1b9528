"""The tree of a message as a person may look at it: every entity, attached messages opened."""

from __future__ import annotations

from martlet.mail.reading import PartNode
from martlet.mime.part import Message, Part

_MAX_DEPTH = 60


def tree(message: Message) -> PartNode:
    """All entities, in the order and nesting in which they are written."""
    return _node(message.root, 0)


def _node(part: Part, depth: int) -> PartNode:
    inner = part.children
    if depth < _MAX_DEPTH and part.embedded is not None:
        inner = [part.embedded.root]
    return PartNode(
        part.path,
        part.content_type,
        part.filename,
        0 if part.children else part.size,
        part.encoding,
        part.charset,
        part.disposition,
        part.content_id,
        tuple(_node(child, depth + 1) for child in inner) if depth < _MAX_DEPTH else (),
    )
