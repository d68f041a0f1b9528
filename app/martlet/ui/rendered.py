"""What a rendered message tells of itself: what was kept out or is not here, and what changed."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from martlet.mail.rendered import Rendered


def notes(rendered: Rendered, *, as_html: bool) -> list[tuple[str, str]]:
    """What is to be known about it, as symbols and sentences."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("message", text)

    found: list[tuple[str, str]] = []
    if rendered.blocked and rendered.html is not None and as_html:
        words = tr("Something from the internet was kept out of this message.")
        if rendered.blocked != 1:
            words = tr("{count} things from the internet were kept out of this message.").format(
                count=rendered.blocked
            )
        found.append(("image-blocked", words))
    found.extend(("warning", problem) for problem in rendered.problems[:3])
    return found


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
        and inline[0] == inline[1]
    )
