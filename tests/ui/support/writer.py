"""A person at the window, in a process of its own that may be killed:

python -m ui.support.writer PROFILE write FILE...    writes a letter, and is killed in mid-sentence
python -m ui.support.writer PROFILE go-on            finds it again, ends it, sends it, takes it
                                                     back, changes it and sends it for good
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QInputMethodEvent,
    QPainter,
    QTextCursor,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from martlet.link.start import connect
from martlet.paths import Profile
from martlet.ui import theme
from martlet.ui.app import run
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.going.before_sending import BeforeSending
from martlet.ui.window import MainWindow

TO = "Bruno Ärmel <bruno@example.org>"
SUBJECT = "湖边的会议 – notes"
BEFORE = "Dear Bruno,"
SAVED = "This much was kept before the light went out"
LOST = " and these words are typed as it ha"
AFTER = " and then it went on."
LAST = "One more line, after taking it back."
PATIENCE = 2250
W = TypeVar("W", bound=QWidget)
CONTROL = Qt.KeyboardModifier.ControlModifier


def until(holds: Callable[[], bool], what: str) -> None:
    """Lets the window work until this holds."""
    for _ in range(PATIENCE):
        if holds():
            return
        QTest.qWait(20)
    raise AssertionError(f"waited in vain: {what}")


def bring_to_front(window: QWidget) -> None:
    """Asked for until it is granted: an X server may lose a wish."""

    def active() -> bool:
        if not window.isActiveWindow():
            window.raise_()
            window.activateWindow()
        return window.isActiveWindow()

    until(active, "the letter in front")


def picture(number: int) -> QImage:
    """What stands in the letter: known by its colours."""
    image = QImage(60 + 20 * number, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 40 * number, 60))
    painter = QPainter(image)
    painter.fillRect(4, 4, 12, 12, QColor(20, 90, 30 * number))
    painter.end()
    return image


def write(window: MainWindow, files: list[str]) -> None:
    window.verbs.write()
    until(lambda: bool(letters()), "a letter")
    letter = letters()[0]
    letter.resize(900, 720)
    bring_to_front(letter)
    if not letter.editor.rich:
        letter.set_rich(True)
    type_into(letter.header.to.edit, TO + ",")
    letter.header.subject.setFocus()
    type_into(letter.header.subject, SUBJECT)
    letter.editor.setFocus()
    editor = letter.editor
    QTest.keyClicks(editor, BEFORE)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    for number in (1, 2):
        paste(letter, number)
    drop(letter, files)
    until(lambda: len(letter.attachments.cards) == len(files), "the files")
    until(lambda: not letter.intake.busy, "the files' bytes")
    QTest.keyClicks(editor, SAVED)
    until(lambda: not letter.keeper.dirty, "a save")
    QTest.keyClicks(editor, LOST)
    os.kill(os.getpid(), signal.SIGKILL)


def paste(letter: ComposeWindow, number: int) -> None:
    """The number-th picture, on a line of its own."""
    QApplication.clipboard().setImage(picture(number))
    QTest.keyClick(letter.editor, Qt.Key.Key_V, CONTROL)
    until(lambda: len(letter.editor.pictures_used()) == number, "a pasted picture")
    letter.editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClick(letter.editor, Qt.Key.Key_Return)


def go_on(window: MainWindow, _files: list[str]) -> None:
    until(lambda: bool(letters()), "the letter again")
    letter = letters()[0]
    bring_to_front(letter)
    text = letter.editor.text()
    assert SAVED in text, text
    assert letter.header.subject.text() == SUBJECT
    assert len(letter.attachments.cards) == 3
    assert len(letter.editor.pictures_used()) == 2
    letter.editor.setFocus()
    at = letter.editor.document().find(SAVED)
    assert not at.isNull()
    end = QTextCursor(at)
    end.setPosition(at.selectionEnd())
    end.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    # Of what came after the save, all or nothing or some may be there: it is written anew.
    assert LOST.startswith(end.selectedText()), end.selectedText()
    end.removeSelectedText()
    letter.editor.setTextCursor(end)
    QTest.keyClicks(letter.editor, AFTER)
    send(letter)
    until(lambda: window.taking_back.offered, "the offer to take it back")
    window.taking_back.take_back()
    until(lambda: bool(letters()), "the letter, taken back")
    letter = letters()[0]
    bring_to_front(letter)
    assert AFTER in letter.editor.text()
    letter.editor.setFocus()
    at = letter.editor.document().find(AFTER)
    at.setPosition(at.selectionEnd())
    letter.editor.setTextCursor(at)
    QTest.keyClick(letter.editor, Qt.Key.Key_Return)
    QTest.keyClicks(letter.editor, LAST)
    send(letter)
    until(lambda: not window.reader.outbox(), "the letter to go out")
    window.close()


def send(letter: ComposeWindow) -> None:
    """Ctrl+Enter, and yes when it is asked, the first time, whether that was meant."""

    def gone() -> bool:
        return not isValid(letter) or not letter.isVisible()

    QTest.keyClick(letter, Qt.Key.Key_Return, CONTROL)
    until(lambda: gone() or bool(shown(BeforeSending)), "the letter to go, or a question")
    for question in shown(BeforeSending):
        QTest.mouseClick(question.go, Qt.MouseButton.LeftButton)
    until(gone, "the letter to go")


def letters() -> list[ComposeWindow]:
    return shown(ComposeWindow)


def shown(kind: type[W]) -> list[W]:
    """The windows of this kind that are seen."""
    every = QApplication.topLevelWidgets()
    return [each for each in every if isinstance(each, kind) and each.isVisible()]


def type_into(widget: QWidget, text: str) -> None:
    """Letters beyond Latin come by an input method, as a whole."""
    for char in text:
        if char.isascii():
            QTest.keyClicks(widget, char)
        else:
            event = QInputMethodEvent()
            event.setCommitString(char)
            QCoreApplication.sendEvent(widget, event)


def drop(letter: ComposeWindow, files: list[str]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(file) for file in files])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    # Qt drops where something has entered.
    entering = QDragEnterEvent(QPoint(200, 60), copy, data, left, none)
    QCoreApplication.sendEvent(letter, entering)
    assert entering.isAccepted()
    QCoreApplication.sendEvent(letter, QDropEvent(QPointF(200, 60), copy, data, left, none))


STEPS = {"write": write, "go-on": go_on}


def main() -> int:
    profile, step, *files = sys.argv[1:]
    application = QApplication([])
    theme.apply(application)
    result = 1

    def go() -> None:
        nonlocal result
        try:
            windows = QApplication.topLevelWidgets()
            window = next(each for each in windows if isinstance(each, MainWindow))
            until(lambda: window.folders.current_folder() is not None, "the folders")
            STEPS[step](window, files)
            result = 0
        except BaseException:  # told to whoever started this, who waits
            traceback.print_exc()
            QCoreApplication.exit(1)

    QTimer.singleShot(0, go)
    place = Profile(Path(profile))
    run(place, lambda: connect(place))
    return result


if __name__ == "__main__":
    sys.exit(main())
