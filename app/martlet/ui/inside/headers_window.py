"""All headers of a message, decoded, as text that can be searched and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from martlet.ui.inside.text_window import HeaderNames, TextWindow
from martlet.ui.inside.words import header_text
from martlet.ui.shown_text import cut


class HeadersWindow(TextWindow):
    """In the order in which they stand; how the message came is told from its end."""

    def __init__(
        self, subject: str, headers: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__("headersWindow", "", parent)
        title = self.tr("All headers: {subject}").format(subject=cut(subject, 80))
        self.setWindowTitle(title)
        self.text.setAccessibleName(title)
        self.wrap.setChecked(True)
        self.text.setPlainText(header_text(headers))
        self._names = HeaderNames(self)
        self._names.mark()
        count = self.locale().toString(len(headers))
        self.note.setText(self.tr("{n} headers").format(n=count))
        self.copy = self.offer(self.tr("&Copy all"), self.copy_all)
        self.text.setFocus()
