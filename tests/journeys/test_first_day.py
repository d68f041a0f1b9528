"""A first day with Martlet, by keys and clicks: window, engine, Dovecot and Postfix.

Add an account -> read -> reply with an attachment -> it arrives at the other account -> flags agree
on the server. The engine runs in a process of its own, as it does for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from martlet.link.messages import Shutdown
from martlet.link.start import connect
from martlet.mail.account import Security
from martlet.mail.folder import Role
from martlet.mail.message import ANSWERED, MessageRow
from martlet.paths import Profile
from martlet.store.reader import Reader
from martlet.ui import theme
from martlet.ui.accounts import AccountWizard
from martlet.ui.compose import ComposeWindow
from martlet.ui.link import EngineLink
from martlet.ui.settings import Settings
from martlet.ui.window import MainWindow
from support.dovecot import Dovecot
from support.postfix import Postfix, mail_host, unusable
from ui.support.journey import activate

pytestmark = [
    pytest.mark.skipif(unusable() != "", reason=unusable() or "usable"),
    pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin supports grabbing"),
]
Host = tuple[Dovecot, Postfix]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with mail_host() as servers:
        yield servers


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    made = Profile(tmp_path / "profile")
    yield made
    client = connect(made, start=False)
    client.call(Shutdown())
    client.close()


@pytest.fixture
def window(qtbot: QtBot, profile: Profile) -> Iterator[MainWindow]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    link = EngineLink(lambda: connect(profile, start=True))
    made = MainWindow(link, Reader(profile.root), Settings(profile.settings))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.windows.close_all()
    made.close()
    link.close()


def letter_to_ada() -> bytes:
    message = EmailMessage()
    message["From"] = "Bruno Rossi <bruno@example.org>"
    message["To"] = "Ada <ada@example.org>"
    message["Subject"] = "周末去湖边？"
    message["Date"] = "Mon, 16 Nov 2026 09:00:00 +0100"
    message["Message-ID"] = "<lake@example.org>"
    message.set_content("Shall we go to the lake on Saturday?\n\n-- \nBruno\n")
    return message.as_bytes()


def wait(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    qtbot.waitUntil(holds)


def opened(qtbot: QtBot, kind: type[QWidget]) -> QWidget:
    """The window of this kind that has just been opened."""

    def find() -> list[QWidget]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]

    wait(qtbot, lambda: bool(find()))
    return find()[-1]


def type_into(qtbot: QtBot, field: QWidget, text: str) -> None:
    field.setFocus()
    select_all = getattr(field, "selectAll", None)
    if select_all is not None:
        select_all()
    QTest.keyClicks(field, text)


def click(qtbot: QtBot, widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def drop_file(target: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    at = QPoint(target.width() // 2, target.height() // 2)
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(target, QDragEnterEvent(at, copy, data, left, none))
    QApplication.sendEvent(target, QDropEvent(QPointF(at), copy, data, left, none))


def add_account(qtbot: QtBot, window: MainWindow, host: Host) -> None:
    dovecot, postfix = host
    window.verbs.add_account()
    wizard = opened(qtbot, AccountWizard)
    assert isinstance(wizard, AccountWizard)
    type_into(qtbot, wizard.person.full_name, "Ada Lovelace")
    type_into(qtbot, wizard.person.address, "ada@example.org")
    type_into(qtbot, wizard.person.password, dovecot.password)
    click(qtbot, wizard.by_hand)
    grid, panel = wizard.found.grid, wizard.check.panel
    for row, port in ((grid.incoming, dovecot.imaps), (grid.outgoing, postfix.smtps)):
        row.security.setCurrentIndex(row.security.findData(Security.TLS.value))
        row.security.activated.emit(row.security.currentIndex())
        type_into(qtbot, row.host, "localhost")
        type_into(qtbot, row.port, str(port))
        type_into(qtbot, row.user, "ada")
    # The test's servers have a certificate of their own authority: shown, and trusted by a click.
    click(qtbot, wizard.next)
    wait(qtbot, panel.fix.isVisible)
    click(qtbot, panel.fix)
    assert panel.sheet is not None
    click(qtbot, panel.sheet.trust)
    wait(qtbot, lambda: wizard.check.ready)
    click(qtbot, wizard.next)
    # There is no keyring here: it is asked for each time.
    wait(qtbot, wizard.keep.secret.missing.isVisible)
    with qtbot.waitSignal(wizard.added):
        click(qtbot, wizard.next)


def test_first_day(
    qtbot: QtBot, window: MainWindow, profile: Profile, host: Host, tmp_path: Path
) -> None:
    dovecot, postfix = host
    dovecot.deliver("ada", letter_to_ada())
    reader = Reader(profile.root)

    add_account(qtbot, window, host)
    wait(qtbot, lambda: window.list_model.row_count() == 1)

    # Read.
    window.list.choose(0)
    wait(qtbot, lambda: window.pane.rendered is not None and window.pane.rendered.complete)
    assert window.pane.rendered is not None
    assert "to the lake on Saturday" in window.pane.rendered.text
    wait(qtbot, lambda: not row_of(reader).unread)
    window.grab().save(str(tmp_path / "read.png"))

    # Reply with an attachment.
    plan = tmp_path / "行程 plan.txt"
    plan.write_text("Saturday: lake\n星期六：湖\n", encoding="utf-8")
    activate(qtbot, window)
    QTest.keyClick(window.list, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    letter = opened(qtbot, ComposeWindow)
    assert isinstance(letter, ComposeWindow)
    activate(qtbot, letter)
    editor = letter.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "Yes! See the plan.")
    drop_file(letter, plan)
    wait(qtbot, lambda: len(letter.draft().parts) == 1)
    letter.grab().save(str(tmp_path / "reply.png"))
    QTest.keyClick(letter, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    # The first time ever these keys are confirmed; Enter says yes.
    assert letter.question is not None
    QTest.keyClick(letter.question, Qt.Key.Key_Return)
    wait(qtbot, lambda: bool(reader.outbox()))
    # It waits: taken back by Ctrl+Z it is open again, with all that was in it.
    wait(qtbot, lambda: window.taking_back.offered)
    activate(qtbot, window)
    window.grab().save(str(tmp_path / "countdown.png"))
    QTest.keyClick(window.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: not reader.outbox())
    again = opened(qtbot, ComposeWindow)
    assert isinstance(again, ComposeWindow)
    assert "See the plan." in again.draft().text
    assert [part.name for part in again.draft().parts] == [plan.name]
    activate(qtbot, again)
    QTest.keyClick(again, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: bool(reader.outbox()))

    # It arrives, once the time in which it can be taken back is over.
    wait(qtbot, lambda: bool(maildir_files(dovecot)))
    postfix.wait_until_delivered()
    message = message_from_bytes(maildir_files(dovecot)[0].read_bytes())
    assert message["In-Reply-To"] == "<lake@example.org>"
    files = [part for part in message.walk() if part.get_filename()]
    assert files[0].get_payload(decode=True) == plan.read_bytes()

    # Flags agree.
    wait(qtbot, lambda: ANSWERED in row_of(reader).flags)
    wait(qtbot, lambda: {"\\Seen", "\\Answered"} <= flags_on_server(dovecot))
    sent = next(f for f in reader.folders() if f.role is Role.SENT)
    wait(qtbot, lambda: len(reader.page(sent.id, None, 10)) == 1)


def maildir_files(dovecot: Dovecot) -> list[Path]:
    folder = dovecot.maildir("bruno")
    return [p for place in ("new", "cur") for p in (folder / place).glob("*") if p.is_file()]


def flags_on_server(dovecot: Dovecot) -> set[str]:
    said = dovecot.doveadm("fetch", "-u", "ada", "flags", "mailbox", "INBOX")
    return set(said.replace("flags:", "").split())


def row_of(reader: Reader) -> MessageRow:
    inbox = next(f for f in reader.folders() if f.role is Role.INBOX)
    return reader.page(inbox.id, None, 10)[0]
