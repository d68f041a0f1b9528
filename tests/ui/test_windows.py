"""The windows a main window opens: one for each letter, and all closed with it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import martlet
from martlet.mail.account import Account, AccountId
from martlet.mail.outgoing import Draft, DraftId
from martlet.store.reader import Reader
from martlet.ui.compose import ComposeWindow
from martlet.ui.link import EngineLink
from martlet.ui.outbox.window import OutboxWindow
from martlet.ui.settings import Settings
from martlet.ui.windows import Windows
from ui.support.sample import HEADLESS, SampleClient, fill

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)


@pytest.fixture
def windows(qtbot: QtBot, tmp_path: Path) -> Iterator[Windows]:
    database = fill(tmp_path, 1_790_000_000.0)
    client = SampleClient(database)
    line = EngineLink(lambda: client)
    reader = Reader(tmp_path)
    parent = QWidget()
    qtbot.addWidget(parent)
    windows = Windows(line, reader, Settings(tmp_path / "settings.json"), parent)
    yield windows
    windows.close_all()
    line.close()
    reader.close()
    database.close()


def shown(kind: type[QWidget]) -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]


def test_a_draft_is_open_once_however_often_it_is_asked_for(windows: Windows) -> None:
    draft = Draft(DraftId(7), AccountId(1), subject="Once")
    windows.write(None, draft)
    windows.write(None, draft)
    assert len(shown(ComposeWindow)) == 1
    windows.write(None, Draft(DraftId(8), AccountId(1)))
    assert len(shown(ComposeWindow)) == 2


def test_a_link_to_write_in_a_letter_opens_one_from_its_account(windows: Windows) -> None:
    html = '<div><a href="mailto:anna@example.org?subject=Plans">Anna</a></div>'
    letter = windows.write(None, Draft(DraftId(7), AccountId(1), html=html))
    assert letter is not None
    letter.editor.moveCursor(QTextCursor.MoveOperation.End)
    letter.hands.links.open()
    [other] = (each for each in windows.open_letters() if each is not letter)
    draft = other.draft()
    assert [to.address for to in draft.to] == ["anna@example.org"]
    assert (draft.subject, draft.account_id) == ("Plans", AccountId(1))


def test_there_is_one_outbox_and_its_letters_are_closed_with_all(windows: Windows) -> None:
    windows.outbox()
    windows.outbox()
    (outbox,) = shown(OutboxWindow)
    assert isinstance(outbox, OutboxWindow)
    composer = ComposeWindow(windows._link, windows._reader, Draft(DraftId(9), AccountId(1)))
    composer.show()
    outbox.composing.emit(composer)
    assert windows.close_all()
    assert not shown(ComposeWindow)
    assert not shown(OutboxWindow)


def test_the_window_starts_without_what_is_not_yet_wanted() -> None:
    """The composer alone costs a fifth of the time to the first row."""
    code = (
        "import sys, martlet.ui.window\n"
        "heavy = ('martlet.ui.compose', 'martlet.ui.accounts', 'martlet.ui.sheet',"
        " 'martlet.ui.html_view', 'PySide6.QtWebEngineCore')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    app = Path(martlet.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(app)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_what_a_link_put_into_a_letter_unasked_is_said_above_it(windows: Windows) -> None:
    account = Account(AccountId(1), "Home", "tom@example.org")
    windows.mailto(QUrl("mailto:anna@example.org?subject=Plans"), account)
    [plain] = windows.open_letters()
    assert plain.notice.text == ""
    windows.mailto(QUrl("mailto:anna@example.org?bcc=eve@example.org"), account)
    [letter] = (each for each in windows.open_letters() if each is not plain)
    assert "hidden copy" in letter.notice.text
    assert letter.header.bcc.isVisible()
