"""How long a key takes in a letter of two hundred pages, rich and plain, in the real window.

    PYTHONPATH=app:tests QT_QPA_PLATFORM=offscreen python tests/bench/typing_keys.py [--pages 200]

A key is pressed and the event loop run until nothing is left to do; p50, p95 and the worst in ms,
at the beginning, in the middle and at the end, the draft being saved now and then. Beside it: a
bare QTextEdit with the same document, and what a save takes on the window's thread.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import perf_counter

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QTextEdit

from martlet.mail.account import AccountId
from martlet.mail.outgoing import Draft, DraftId
from martlet.ui import theme
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.markup.lines import Cell, Line, Run, Table
from martlet.ui.compose.markup.write_html import write_html
from ui.compose_fakes import FakeLink, FakeReader, account

WORDS = "Typing in a long letter must feel like typing in a short one, on any day of the year. "
KEYS = 150


def page(number: int) -> list[Line]:
    """About 3,000 characters with what letters have: headings, a list, a quote, a table."""
    lines = [Line((Run(f"Page {number}"),), heading=2)]
    for each in range(5):
        looks = Run("bold words", bold=True), Run(" and "), Run("a link", href="https://x.example")
        lines += [Line((Run(WORDS * 4), *looks, Run("."))), Line()]
        if each == 2:
            lines += [Line((Run(WORDS),), depth=1, list_id=number) for _ in range(4)]
    lines += [Line((Run(WORDS * 2),), quote=1), Line((Run(WORDS),), quote=2)]
    table = Table(number, 3, 3)
    if not number % 4:
        lines += [Line((Run("cell"),), cell=Cell(table, n // 3, n % 3)) for n in range(9)]
    return [*lines, Line()]


def settle() -> None:
    """Runs the loop until nothing is left in it that is due."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()


def press(widget: QTextEdit, letter: str) -> float:
    """Milliseconds until a key is written and painted."""
    began = perf_counter()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        key = Qt.Key.Key_Return if letter == "\n" else Qt.Key.Key_A
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(widget, event)
    QApplication.processEvents()
    return (perf_counter() - began) * 1000


def measure(name: str, editor: QTextEdit, between: Callable[[], object] | None = None) -> None:
    document = editor.document()
    for where in ("beginning", "middle", "end"):
        cursor = QTextCursor(document)
        share = {"beginning": 0.0, "middle": 0.5, "end": 1.0}[where]
        cursor.setPosition(round((document.characterCount() - 1) * share))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        editor.setTextCursor(cursor)
        editor.ensureCursorVisible()
        settle()
        times, saves = [], []
        for number in range(KEYS):
            if between is not None and not number % 25:
                began = perf_counter()
                between()
                saves.append((perf_counter() - began) * 1000)
            times.append(press(editor, "\n" if number % 40 == 39 else "a"))
        times.sort()
        said = (
            f"{name:12} {where:10} p50 {times[KEYS // 2]:6.2f}  p95 {times[KEYS * 95 // 100]:6.2f}"
        )
        said += f"  worst {times[-1]:6.2f}"
        if saves:
            said += f"   saving: p50 {sorted(saves)[len(saves) // 2]:6.1f} worst {max(saves):6.1f}"
        print(said, flush=True)


def window(draft: Draft) -> ComposeWindow:
    store = FakeReader([account(1, "home", "tom@example.org")])
    began = perf_counter()
    made = ComposeWindow(FakeLink(), store.reader, draft)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.move(QPoint(0, 0))
    made.show()
    settle()
    print(f"opened in {(perf_counter() - began) * 1000:.0f} ms", flush=True)
    made.editor.setFocus()
    return made


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=200)
    pages = parser.parse_args().pages
    app = QApplication([])
    theme.apply(app)
    lines = [line for number in range(pages) for line in page(number + 1)]
    markup = write_html(lines)
    text = "\n".join(line.text for line in lines)
    print(f"{pages} pages: {len(text)} characters, {len(lines)} lines, {len(markup)} of HTML")
    new = Draft(DraftId(0), AccountId(1), subject="A long letter")
    for name, draft in (
        ("rich", replace(new, html=markup)),
        ("plain", replace(new, text=text)),
    ):
        made = window(draft)
        began = perf_counter()
        made.draft()
        print(f"first taking of it {(perf_counter() - began) * 1000:.0f} ms", flush=True)
        measure(name, made.editor, partial(_save, made))
        bare = QTextEdit()
        bare.resize(made.editor.size())
        copy = made.editor.document().clone(bare)
        bare.setDocument(copy)
        bare.show()
        settle()
        measure(f"bare {name}", bare)
        bare.close()
        made.finish()


def _save(made: ComposeWindow) -> None:
    """What the window's thread does for a save."""
    msgspec.msgpack.encode(made.draft())


if __name__ == "__main__":
    main()
