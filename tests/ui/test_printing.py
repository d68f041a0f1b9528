"""A message as PDF: its head, its text in any writing, its pictures, the list of its files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from martlet.mail.message import Address, Attachment, Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.store.database import Database
from martlet.ui.link import EngineLink
from martlet.ui.printing import Printing
from martlet.ui.ways import USUAL, Mode
from ui.support.sample import HEADLESS, HTML, PLAIN, SampleClient

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Sandboxing disabled")
HEAD = Envelope(
    subject="季度預算 and the winter",
    sender=Address("Mira Rossi", "mira@example.com"),
    to=(Address("Ada", "ada@example.org"), Address("", "b@example.org")),
    cc=(Address("陈晓明", "chen@example.cn"),),
    date=1_790_000_000.0,
)
FILES = (
    Attachment("2", "sky.png", "image/png", 4210, "sky@x", "inline", True),
    Attachment("3", "行程表 final.xlsx", "application/x", 18_220),
)
TEXT = Rendered(MessageId(7), HEAD, None, PLAIN, FILES)
RICH = Rendered(MessageId(7), HEAD, HTML, PLAIN, FILES)


@pytest.fixture
def link(qtbot: QtBot, tmp_path: Path) -> Iterator[EngineLink]:
    database = Database(tmp_path / "store")
    client = SampleClient(database)
    line = EngineLink(lambda: client)
    yield line
    line.close()
    database.close()


@pytest.fixture
def printing(link: EngineLink) -> Iterator[Printing]:
    window = QWidget()
    yield Printing(link, window)
    if isValid(window):
        window.deleteLater()


def read(file: Path) -> tuple[str, QImage, int]:
    """The text of all pages without spaces, a picture of the first, how many there are."""
    document = QPdfDocument()
    assert document.load(str(file)) is QPdfDocument.Error.None_
    pages = document.pageCount()
    text = "".join(document.getAllText(page).text() for page in range(pages))
    picture = document.render(0, QSize(620, 877))
    document.close()
    # Qt calls a glyph that stands for a radical too by the radical's name.
    return "".join(unicodedata.normalize("NFKC", text).split()), picture, pages


def _coarse(colour: QColor) -> QColor:
    """Without the traces of being scaled."""
    red, green, blue = (
        min(255, (each + 8) // 16 * 16) for each in (colour.red(), colour.green(), colour.blue())
    )
    return QColor(red, green, blue)


def written(qtbot: QtBot, printing: Printing, message: Rendered, file: Path) -> str:
    with qtbot.waitSignal(printing.written):
        printing.save_pdf(message, USUAL, file)
    text, picture, _pages = read(file)
    assert file.stat().st_size > 5_000
    colours = {picture.pixel(x, y) for x in range(0, 620, 3) for y in range(0, 877, 3)}
    assert len(colours) > 2
    for each in (
        "季度預算andthewinter",
        "MiraRossi<mira@example.com>",
        "Ada<ada@example.org>,b@example.org",
        "陈晓明<chen@example.cn>",
        "行程表final.xlsx",
    ):
        assert each in text
    assert "sky.png" not in text
    return text


def test_a_text_message_has_its_head_its_text_and_its_files(
    qtbot: QtBot, printing: Printing, tmp_path: Path
) -> None:
    text = written(qtbot, printing, TEXT, tmp_path / "text.pdf")
    assert "theweatherlookskind" in text
    assert "我觉得可以,去年我们带过。" in text


def test_a_rich_message_has_its_pictures_too(
    qtbot: QtBot, printing: Printing, tmp_path: Path
) -> None:
    file = tmp_path / "rich.pdf"
    text = written(qtbot, printing, RICH, file)
    assert "Tromsøinfivedays" in text
    assert "北极光之旅" in text
    _text, picture, _pages = read(file)
    assert any(
        QColor("#00ff00") == _coarse(picture.pixelColor(x, y))
        for x in range(0, 620, 4)
        for y in range(877)
    )


def test_no_mail_reaches_over_its_head(qtbot: QtBot, printing: Printing, tmp_path: Path) -> None:
    tops = []
    for margin in ("0", "-90px"):
        style = f"position:relative;background:#f00;height:300px;margin-top:{margin}"
        message = Rendered(MessageId(7), HEAD, f'<div style="{style}">x</div>', "x", FILES)
        file = tmp_path / f"{margin}.pdf"
        written(qtbot, printing, message, file)
        _, picture, _ = read(file)
        red = QColor(255, 0, 0)
        rows = range(picture.height())
        tops.append(next(y for y in rows if picture.pixelColor(310, y) == red))
    # Up to the head's lower edge, 16 px away
    assert 0 <= tops[0] - tops[1] < 20


def test_what_is_looked_at_as_text_is_printed_as_text(
    qtbot: QtBot, printing: Printing, tmp_path: Path
) -> None:
    file = tmp_path / "plain.pdf"
    with qtbot.waitSignal(printing.written):
        printing.save_pdf(RICH, USUAL.in_mode(Mode.PLAIN), file)
    assert "theweatherlookskind" in read(file)[0]


def test_a_long_one_has_pages(qtbot: QtBot, printing: Printing, tmp_path: Path) -> None:
    long = Rendered(MessageId(7), HEAD, None, "a line of it\n\n" * 300)
    file = tmp_path / "long.pdf"
    with qtbot.waitSignal(printing.written):
        printing.save_pdf(long, USUAL, file)
    text, _picture, pages = read(file)
    assert pages > 3
    assert text.count("alineofit") == 300


@pytest.mark.parametrize("message", [TEXT, RICH])
def test_where_nothing_can_be_written_it_is_said(
    qtbot: QtBot, printing: Printing, tmp_path: Path, message: Rendered
) -> None:
    with qtbot.waitSignal(printing.failed):
        printing.save_pdf(message, USUAL, tmp_path / "nowhere" / "x.pdf")


def test_a_printer_gets_the_same(qtbot: QtBot, printing: Printing, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printing.print_on(printer, TEXT, USUAL)
    assert "theweatherlookskind" in read(tmp_path / "printed.pdf")[0]


@pytest.mark.parametrize("well", [True, False])
def test_a_window_may_be_closed_while_it_is_written(
    qtbot: QtBot, printing: Printing, link: EngineLink, tmp_path: Path, well: bool
) -> None:
    file = tmp_path / "rich.pdf" if well else tmp_path / "nowhere" / "rich.pdf"
    window = printing.parent()
    assert window is not None
    printing.save_pdf(RICH, USUAL, file)
    with qtbot.waitSignal(window.destroyed):
        window.deleteLater()
    if well:
        qtbot.waitUntil(file.exists)
        assert "Tromsøinfivedays" in read(file)[0]
    else:
        with qtbot.waitSignal(link.notice):
            pass
