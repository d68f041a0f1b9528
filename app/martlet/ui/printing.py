"""Messages on paper or as PDF, with their head and the list of their files, always on white.

HTML is set by Chromium in a page of its own (`html_print.py`), text by Qt. Nothing is folded there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QLocale,
    QMarginsF,
    QObject,
    QSaveFile,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from martlet.mail.errors import StoreError
from martlet.mail.rendered import Rendered
from martlet.ui import print_page, text_lines, theme
from martlet.ui.link import EngineLink
from martlet.ui.text_blocks import Writer
from martlet.ui.tokens import LIGHT
from martlet.ui.ways import Way

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from martlet.ui.html_print import HtmlPrint
    from martlet.ui.message_pane import MessagePane

MARGIN_MM = 16
_PIXELS_PER_MM = 96 / 25.4
_FONT = 14  # pixels of a page at 96 dots an inch: 10.5 points
_MOST = 1_000_000


class Printing(QObject):
    """Of one window. written: a PDF is there, its path. failed: it is not, a MailError."""

    written = Signal(str)
    failed = Signal(object)

    def __init__(self, link: EngineLink, parent: QWidget) -> None:
        super().__init__(parent)
        self._link = link
        self._window = parent

    def ask(self, pane: MessagePane) -> None:
        """Asks for a printer and prints what is shown there."""
        rendered, way = pane.rendered, pane.way
        if rendered is None or not rendered.complete:
            return
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(print_page.subject(rendered))
        printer.setPageLayout(page_layout())
        dialog = QPrintDialog(printer, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer, rendered, way))
        dialog.setModal(True)
        dialog.show()

    def ask_file(self, pane: MessagePane) -> None:
        """Asks for a file and writes what is shown there as PDF."""
        rendered, way = pane.rendered, pane.way
        if rendered is None or not rendered.complete:
            return
        name = "".join(c if c.isalnum() or c in " -_" else "_" for c in rendered.envelope.subject)
        dialog = QFileDialog(self._window, self.tr("Save as PDF"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("*.pdf")
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{name.strip()[:80] or 'message'}.pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.save_pdf(rendered, way, Path(path)))
        dialog.open()

    def save_pdf(self, rendered: Rendered, way: Way, file: Path) -> None:
        """Writes it there; `written` or `failed` tells the end."""
        if rendered.html is None or way.plain:
            target = QSaveFile(str(file))
            if not target.open(QSaveFile.OpenModeFlag.WriteOnly):
                self._tell(file, well=False)
                return
            writer = QPdfWriter(target)
            writer.setPageLayout(page_layout())
            writer.setTitle(print_page.subject(rendered))
            writer.setCreator("Martlet")
            text_document(rendered).print_(writer)
            del writer  # it writes the end of the file
            self._tell(file, well=target.commit())
        else:
            self._html(rendered).to_file(lambda data: self._store(file, data))

    def print_on(self, printer: QPrinter, rendered: Rendered, way: Way) -> None:
        """On this printer, as the person has set it."""
        if rendered.html is None or way.plain:
            printer.setFullPage(True)
            text_document(rendered, printer.pageLayout()).print_(printer)
        else:
            self._html(rendered).to_printer(printer)

    def _html(self, rendered: Rendered) -> HtmlPrint:
        from martlet.ui.html_print import HtmlPrint  # Chromium comes with it

        return HtmlPrint(self._link, rendered)

    def _store(self, file: Path, data: bytes) -> None:
        target = QSaveFile(str(file))
        well = bool(data) and target.open(QSaveFile.OpenModeFlag.WriteOnly)
        self._tell(file, well=well and target.write(data) == len(data) and target.commit())

    def _tell(self, file: Path, *, well: bool) -> None:
        if not isValid(self):  # its window was closed meanwhile
            if not well:
                self._link.notice.emit(_not_saved(file))
        elif well:
            self.written.emit(str(file))
        else:
            self.failed.emit(_not_saved(file))


def _not_saved(file: Path) -> StoreError:
    words = QCoreApplication.translate("Printing", "The message could not be saved as {path}.")
    return StoreError(words.format(path=file))


def page_layout(margin_mm: float = 0) -> QPageLayout:
    """A4, or Letter where that is used, upright."""
    imperial = QLocale.MeasurementSystem.ImperialUSSystem
    letter = QLocale().measurementSystem() is imperial
    size = QPageSize(QPageSize.PageSizeId.Letter if letter else QPageSize.PageSizeId.A4)
    margins = QMarginsF(margin_mm, margin_mm, margin_mm, margin_mm)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)


def text_document(rendered: Rendered, layout: QPageLayout | None = None) -> QTextDocument:
    """A text message on pages, at 96 dots an inch, its margins within them."""
    page = (layout or page_layout()).fullRect(QPageLayout.Unit.Millimeter).size()
    document = QTextDocument()
    font = theme.font(13)
    font.setPixelSize(_FONT)
    document.setDefaultFont(font)
    document.setDocumentMargin(MARGIN_MM * _PIXELS_PER_MM)
    writer = Writer(document, font, LIGHT)
    writer.plain(print_page.subject(rendered), _bold(font, round(_FONT * 1.35)))
    for name, value in print_page.headers(rendered):
        writer.plain(f"{name}:  {value}", _small(font))
    writer.plain("", _small(font))
    for number, row in enumerate(text_lines.rows(rendered.text[:_MOST])):
        writer.row(number, row, unbroken=False)
    files = print_page.files(rendered)
    if files:
        writer.plain("", _small(font))
        writer.plain(print_page.attachments_title(), _bold(font, _FONT))
        for name, size in files:
            writer.plain(f"{name}  ({size})", _small(font))
    document.setPageSize(QSizeF(page.width() * _PIXELS_PER_MM, page.height() * _PIXELS_PER_MM))
    return document


def _bold(font: QFont, pixels: int) -> QFont:
    made = QFont(font)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def _small(font: QFont) -> QFont:
    made = QFont(font)
    made.setPixelSize(_FONT - 2)
    return made
