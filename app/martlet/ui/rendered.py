"""What a rendered message tells of itself: what of it is not here, and what has changed."""

from __future__ import annotations

from martlet.mail.rendered import Rendered


def bytes_not_here(rendered: Rendered) -> int:
    """As the attachments say it, so that both agree; the server counts their encoding too."""
    return sum(each.size for each in rendered.attachments if not each.here) or rendered.not_here


def is_summary(rendered: Rendered) -> bool:
    """Whether nothing but its headers is here."""
    nothing = not rendered.text.strip() and rendered.html is None
    return rendered.complete and nothing and bytes_not_here(rendered) > 0


def lacks(rendered: Rendered) -> bool:
    """Whether any attachment of it is not here."""
    return not all(each.here for each in rendered.attachments)


def same_body(one: Rendered, other: Rendered) -> bool:
    """Whether both show the same; pictures inside the text that have come since count too.

    One of which only the headers are here shows something else than one that is empty.
    """
    inline = [[each.here for each in r.attachments if each.inline] for r in (one, other)]
    return (
        one.message_id == other.message_id
        and one.html == other.html
        and one.text == other.text
        and is_summary(one) is is_summary(other)
        and (one.view, one.remote, one.paper) == (other.view, other.remote, other.paper)
        and inline[0] == inline[1]
    )
