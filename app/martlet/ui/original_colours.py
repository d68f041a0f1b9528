"""The key for the colours a message was sent in; where it can change nothing, that is said."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from martlet.mail.reading import Paper
from martlet.ui import theme
from martlet.ui.message_pane import MessagePane


def turn(pane: MessagePane, say: Callable[[str], None]) -> None:
    """To the colours it was sent in, or back to those of the window."""
    shown = pane.rendered
    if shown is None:
        return
    if shown.html is None or pane.way.plain:
        say(QCoreApplication.translate("colours", "Plain text has no colours of its own."))
    elif theme.current().dark and shown.paper is not Paper.LIGHT:
        pane.toggle_original()
    elif shown.view.simple:
        say(QCoreApplication.translate("colours", "Simple looks leave its own colours out."))
    else:
        say(QCoreApplication.translate("colours", "These are its own colours."))
