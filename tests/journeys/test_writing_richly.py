"""A rich letter by keys and drops: window, engine, Postfix and Dovecot.

Heading and list by how their lines begin -> a table filled by Tab -> words found and replaced -> a
picture dropped on the text, larger by keys -> an emoji by its name -> Markdown by its key -> what
the other reads is what was written, in both kinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.tools.emoji_picker import EmojiPicker
from martlet.ui.compose.tools.grid_chooser import GridChooser
from martlet.ui.outbox.window import OutboxWindow
from martlet.ui.window import MainWindow
from support.agreed import by_python
from support.dovecot import Dovecot
from support.postfix import AUTH_LISTENER, Postfix, unusable
from ui.support.journey import activate, ada, opened, running, wait

pytestmark = [
    pytest.mark.skipif(unusable() != "", reason=unusable() or "usable"),
    pytest.mark.qt_log_ignore("This plugin does not support", "This plugin supports grabbing"),
]
Host = tuple[Dovecot, Postfix]
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def host() -> Iterator[Host]:
    with Dovecot(settings=AUTH_LISTENER) as dovecot, Postfix(dovecot) as postfix:
        yield dovecot, postfix


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, host: Host) -> Iterator[MainWindow]:
    dovecot, postfix = host
    with running(qtbot, tmp_path / "profile", ada(dovecot, postfix), dovecot.password) as window:
        yield window


def test_what_is_written_richly_is_what_is_read(
    qtbot: QtBot, window: MainWindow, host: Host, tmp_path: Path
) -> None:
    activate(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_N, CONTROL)
    letter = opened(qtbot, ComposeWindow)
    activate(qtbot, letter)
    letter.set_rich(True)
    QTest.keyClicks(letter.header.to.edit, "bruno@example.org")
    QTest.keyClicks(letter.header.subject, "Spring")
    editor = letter.editor
    editor.setFocus()

    QTest.keyClicks(editor, "## Plans")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    for word in ("- bread", "salt"):
        QTest.keyClicks(editor, word)
        QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "Until **Sunday**, with `care` ")
    QTest.keyClick(editor, Qt.Key.Key_M, CONTROL | ALT)

    QTest.keyClick(editor, Qt.Key.Key_Period, CONTROL)
    picker = letter.hands.popup
    assert isinstance(picker, EmojiPicker)
    QTest.keyClicks(picker.field, "sun")
    QTest.keyClick(picker.field, Qt.Key.Key_Return)
    QTest.keyClick(editor, Qt.Key.Key_Return)

    QTest.keyClick(editor, Qt.Key.Key_F12, CONTROL)
    chooser = letter.hands.popup
    assert isinstance(chooser, GridChooser)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(chooser.field, key)
    for word in ("Who", "What", "Ada", "bread"):
        QTest.keyClicks(editor, word)
        QTest.keyClick(editor, Qt.Key.Key_Tab)
    QTest.keyClick(editor, Qt.Key.Key_Z, CONTROL)  # the row that Tab added

    QTest.keyClick(editor, Qt.Key.Key_H, CONTROL)
    bar = letter.hands.find_bar
    bar.field.setText("bread")
    bar.other.setText("wine")
    assert bar.count.text() == "1 of 2"
    QTest.mouseClick(bar.all, Qt.MouseButton.LeftButton)
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)

    picture = QImage(200, 100, QImage.Format.Format_RGB32)
    picture.fill(QColor("#3366cc"))
    file = tmp_path / "bild 图.png"
    assert picture.save(str(file))
    QTest.keyClick(editor, Qt.Key.Key_End, CONTROL)
    drop(letter, file)
    wait(qtbot, lambda: len(editor.pictures_used()) == 1)
    letter.grab().save(str(tmp_path / "letter.png"))

    QTest.mouseClick(letter.top.send, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: bool(window.reader.outbox()))
    window.windows.outbox()
    outbox = opened(qtbot, OutboxWindow)
    wait(qtbot, lambda: outbox.letter is not None)
    assert outbox.letter is not None
    QTest.mouseClick(outbox.letter.send, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: not window.reader.outbox())

    dovecot, postfix = host
    postfix.wait_until_delivered()
    message = by_python(came(qtbot, dovecot))
    assert message.get_content_type() == "multipart/alternative"
    parts = {part.get_content_type(): part for part in message.walk()}
    html = parts["text/html"].get_content()
    assert "<h2" in html
    assert "<li>wine" in html
    assert "<b>Sunday</b>" in html
    assert "care</code>" in html
    assert html.count("wine") == 2
    assert html.count("<tr>") == 2
    plain = parts["text/plain"].get_content()
    for words in ("Plans", "wine", "Sunday", "Who", "Ada"):
        assert words in plain
    assert "**" not in html
    assert html.index("</table>") < html.index("<img")
    assert parts["image/png"].get_payload(decode=True) == file.read_bytes()
    assert parts["image/png"].get_filename() == "bild 图.png"
    cid = str(parts["image/png"]["content-id"]).strip("<>")
    assert f'src="cid:{cid}"' in html


def drop(letter: ComposeWindow, file: Path) -> None:
    """Drops a file on the text, at its end."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    place = letter.editor.cursorRect().center()
    button, held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action = Qt.DropAction.CopyAction
    for event in (
        QDragEnterEvent(place, action, data, button, held),
        QDragMoveEvent(place, action, data, button, held),
        QDropEvent(QPointF(place), action, data, button, held),
    ):
        QApplication.sendEvent(letter.editor.viewport(), event)
        assert event.isAccepted()


def came(qtbot: QtBot, dovecot: Dovecot) -> bytes:
    """The one letter in bruno's inbox on the server."""
    folder = dovecot.maildir("bruno")

    def files() -> list[Path]:
        return [p for place in ("new", "cur") for p in (folder / place).glob("*") if p.is_file()]

    wait(qtbot, lambda: bool(files()))
    (file,) = files()
    return file.read_bytes()
