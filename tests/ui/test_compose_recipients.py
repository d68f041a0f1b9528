"""A line of recipients by keys, mouse and menu; lists too long to be seen; what two lines share."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from martlet.link.messages import ForgetAddress, RememberAddress
from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.typed import Typed
from martlet.mail.writing import Group
from martlet.ui.compose.people import recipient_drag
from martlet.ui.compose.people.chip import Mark
from martlet.ui.compose.people.header import LetterHeader
from martlet.ui.compose.people.recipient_list import RecipientList
from martlet.ui.compose.people.recipient_menu import chip_menu
from martlet.ui.compose.people.recipients import RecipientField
from ui.compose_fakes import account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ANNA, BO = Address("Anna Berg", "anna@example.org"), Address("", "bo@example.org")
WANG = Address("王小明", "wang@例子.公司")
TEAM = Group("Team", (ANNA, WANG))
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def people(text: str, limit: int) -> list[Address | Group]:
    every: list[Address | Group] = [TEAM, ANNA, BO]
    named = ((each, each.name if isinstance(each, Group) else str(each)) for each in every)
    return [each for each, name in named if text.casefold() in name.casefold()][:limit]


@pytest.fixture
def header(qtbot: QtBot) -> LetterHeader:
    made = LetterHeader([account(1, "home", "tom@example.org")], people)
    qtbot.addWidget(made)
    made.setLocale(QLocale("en_US"))
    made.resize(720, 300)
    made.load(Draft(DraftId(0), AccountId(1)))
    made.order_tabs()
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.to.setFocus()
    return made


def fill(field: RecipientField, *addresses: Address) -> None:
    field.add(Typed(each, str(each)) for each in addresses)


def mails(field: RecipientField) -> list[str]:
    return [each.address for each in field.addresses()]


def test_arrows_walk_delete_and_enter(header: LetterHeader) -> None:
    to = header.to
    fill(to, ANNA, BO, WANG)
    QTest.keyClick(to.edit, Key.Key_Left)
    assert to.chips[2].hasFocus()
    QTest.keyClick(to.chips[2], Key.Key_Home)
    QTest.keyClick(to.chips[0], Key.Key_Right)
    assert to.chips[1].hasFocus()
    QTest.keyClick(to.chips[1], Key.Key_Delete)
    assert mails(to) == [ANNA.address, WANG.address]
    assert to.chips[1].hasFocus()
    QTest.keyClick(to.chips[1], Key.Key_Right)
    assert to.edit.hasFocus()
    QTest.keyClick(to.edit, Key.Key_Left)
    QTest.keyClick(to.chips[1], Key.Key_Return)
    assert to.edit.text() == str(WANG)
    assert to.edit.hasFocus()
    QTest.keyClick(to.edit, Key.Key_Return)
    assert mails(to) == [ANNA.address, WANG.address]


def test_typing_on_a_chip_goes_on_in_the_line(header: LetterHeader) -> None:
    fill(header.to, ANNA)
    QTest.keyClick(header.to.edit, Key.Key_Left)
    QTest.keyClicks(header.to.chips[0], "x")
    assert header.to.edit.text() == "x"


def test_cut_here_and_paste_there(header: LetterHeader) -> None:
    fill(header.to, ANNA, BO)
    QTest.keyClick(header.to.edit, Key.Key_Left)
    QTest.keyClick(header.to.chips[1], Key.Key_X, CTRL)
    assert QGuiApplication.clipboard().text() == "bo@example.org"
    QTest.keyClick(header.to.chips[0], Key.Key_C, CTRL)
    header.reveal(header.cc)
    QTest.keyClick(header.cc.edit, Key.Key_V, CTRL)
    assert (mails(header.to), mails(header.cc)) == ([ANNA.address], [ANNA.address])


def test_all_of_a_line_together(header: LetterHeader) -> None:
    fill(header.to, ANNA, BO)
    QTest.keyClick(header.to.edit, Key.Key_A, CTRL)
    QTest.keyClick(header.to.chips[1], Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == f"{ANNA}, {BO}"
    QTest.keyClick(header.to.chips[1], Key.Key_Delete)
    assert mails(header.to) == []
    assert header.to.edit.hasFocus()


def test_a_chip_is_dropped_on_another_line(header: LetterHeader) -> None:
    fill(header.to, ANNA, BO)
    header.reveal(header.cc)
    chip = header.to.chips[0]
    drop(header.cc, recipient_drag.data([chip.entry]))
    assert header.cc.addresses() == (ANNA,)
    drop(header.cc, text("Carl <carl@x.org>, d@x.org"))
    assert mails(header.cc) == [ANNA.address, "carl@x.org", "d@x.org"]
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/tmp/a@b.txt")])
    assert not drop(header.cc, files)
    lie = QMimeData()
    lie.setData(recipient_drag.KIND, b'[["a\\nBcc: x", "b@x.org\\r\\n", "w"], 3, ["x"]]')
    drop(header.cc, lie)
    assert header.cc.addresses()[-1] == Address("a Bcc: x", "b@x.org")


def text(words: str) -> QMimeData:
    made = QMimeData()
    made.setText(words)
    return made


def drop(field: RecipientField, data: QMimeData) -> bool:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action = Qt.DropAction.MoveAction
    event = QDropEvent(QPointF(5, 5), action, data, left, none)
    field.dropEvent(event)
    return event.isAccepted()


def test_links_and_cards_are_dropped(header: LetterHeader) -> None:
    links = QMimeData()
    links.setUrls(
        [QUrl("mailto:anna@x.org?subject=Hi&bcc=eve@x.org"), QUrl("mailto:%E5%BC%A0@x.org")]
    )
    QTest.keyClicks(header.to.edit, "bo@x.org")
    assert drop(header.to, links)
    assert mails(header.to) == ["bo@x.org", "anna@x.org", "张@x.org"]
    card = QMimeData()
    text = "BEGIN:VCARD\r\nFN:Cy\r\nEMAIL:cy@x.org\r\nEND:VCARD\r\n"
    card.setData("text/x-vcard", text.encode())
    assert drop(header.to, card)
    assert header.to.addresses()[-1] == Address("Cy", "cy@x.org")
    links.setUrls([QUrl("mailto:anna@x.org"), QUrl("https://x.org/a@b.org")])
    assert not drop(header.to, links)


def test_pasting_replaces_what_is_marked(header: LetterHeader) -> None:
    edit = header.to.edit
    QTest.keyClicks(edit, "oops Anna")
    edit.setSelection(0, 5)
    QGuiApplication.clipboard().setText("bo@x.org, ")
    QTest.keyClick(edit, Key.Key_V, CTRL)
    assert header.to.addresses() == (Address("", "bo@x.org"), Address("", "Anna"))


def test_the_menu_of_the_line_pastes_a_list(header: LetterHeader) -> None:
    QGuiApplication.clipboard().setText("a@x.org\nb@x.org")
    place = header.to.edit.rect().center()
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, place, header.to.edit.mapToGlobal(place))
    header.to.edit.contextMenuEvent(event)
    menu = header.to.edit.findChild(QMenu)
    assert menu is not None
    next(each for each in menu.actions() if each.objectName() == "edit-paste").trigger()
    assert mails(header.to) == ["a@x.org", "b@x.org"]
    menu.close()


def test_the_menu_moves_remembers_and_asks_for_groups(header: LetterHeader) -> None:
    fill(header.to, ANNA, BO)
    asked: list[object] = []
    header.asked.connect(asked.append)
    choose(header.to, 0, "Remember this address")
    choose(header.to, 0, "Do not offer it any more")
    wanted: list[object] = []
    header.group_wanted.connect(wanted.append)
    choose(header.to, 0, "Keep these 2 as a group…")
    assert asked == [RememberAddress(ANNA), ForgetAddress(ANNA.address)]
    assert wanted == [(ANNA, BO)]
    choose(header.to, 0, "Move to Bcc")
    assert (header.to.addresses(), header.bcc.addresses()) == ((BO,), (ANNA,))
    assert header.bcc.isVisible()
    choose(header.bcc, 0, "Copy address")
    assert QGuiApplication.clipboard().text() == ANNA.address
    choose(header.bcc, 0, "Remove")
    assert not header.bcc.addresses()


def choose(field: RecipientField, at: int, words: str) -> None:
    menu = chip_menu(field, field.chips[at])
    next(each for each in menu.actions() if each.text() == words).trigger()


def test_a_group_becomes_its_members(header: LetterHeader) -> None:
    QTest.keyClicks(header.to.edit, "team")
    QTest.keyClick(header.to.edit, Key.Key_Return)
    assert header.to.addresses() == TEAM.members


def test_the_whole_name_of_a_group_is_enough(header: LetterHeader) -> None:
    header.to.edit.setText("TEAM,")
    header.take_typed()
    assert header.to.addresses() == TEAM.members
    header.cc.edit.setText("Tea")
    header.take_typed()
    assert header.wrong() == ["Tea"]


def test_down_offers_those_most_written_to(header: LetterHeader) -> None:
    QTest.keyClick(header.to.edit, Key.Key_Down)
    QTest.keyClick(header.to.edit, Key.Key_Tab)
    assert header.to.addresses() == TEAM.members


@pytest.mark.parametrize("mark", "，；、,")
def test_a_mark_by_an_input_method_ends_the_entry(header: LetterHeader, mark: str) -> None:
    edit = header.to.edit
    QTest.keyClicks(edit, "bo@example.org")
    compose(edit, mark)
    assert mails(header.to) == ["bo@example.org"]
    assert (len(header.to.chips), edit.text()) == (1, "")
    QTest.keyClicks(edit, "anna")
    QTest.keyClick(edit, Key.Key_Tab)  # the one who is offered
    assert mails(header.to) == ["bo@example.org", ANNA.address]
    compose(edit, "王")
    compose(edit, mark)  # no address yet
    assert edit.text() == f"王{mark}"


def compose(edit: QLineEdit, words: str) -> None:
    QCoreApplication.sendEvent(edit, QInputMethodEvent("pin", []))
    event = QInputMethodEvent()
    event.setCommitString(words)
    QCoreApplication.sendEvent(edit, event)


def test_marks_say_what_is_wrong(header: LetterHeader) -> None:
    fill(header.to, ANNA, Address("", "nobody"), Address("Pal", "x@pаypal.com"))
    fill(header.cc, ANNA)
    marks = [chip.mark for chip in (*header.to.chips, *header.cc.chips)]
    assert marks == [Mark.NONE, Mark.WRONG, Mark.DISGUISED, Mark.TWICE]
    assert "cannot be an address" in header.to.chips[1].accessibleName()
    assert "xn--pypal-4ve.com" in header.to.chips[2].accessibleName()
    fill(header.bcc, Address("", "用户@例子.公司"))
    assert header.bcc.chips[0].mark is Mark.WIDE
    assert "international addresses" in header.bcc.chips[0].toolTip()
    assert "Stands in To, too" in header.cc.chips[0].toolTip()
    header.to.remove([header.to.key_of(header.to.chips[0])])
    assert header.cc.chips[0].mark is Mark.NONE


def test_two_of_one_name_are_told_apart(header: LetterHeader) -> None:
    fill(header.to, ANNA, BO)
    narrow = header.to.chips[0].sizeHint().width()
    fill(header.to, Address("anna BERG", "anna@evil.example"))
    wide = header.to.chips[0].sizeHint().width()
    assert wide > narrow  # the address is seen, too
    header.to.remove([header.to.key_of(header.to.chips[2])])
    assert header.to.chips[0].sizeHint().width() == narrow


def test_a_name_hides_no_address(header: LetterHeader) -> None:
    fill(header.to, Address("boss@example.org", "x@evil.example"))
    assert header.to.chips[0].accessibleName().startswith("boss@example.org <x@evil.example>")
    (cross,) = header.to.chips[0].findChildren(QToolButton)
    assert cross.accessibleName() == "Remove x@evil.example"


def test_many_are_a_number_and_a_list(header: LetterHeader, qtbot: QtBot) -> None:
    every = [Address(f"P {n}", f"p{n}@x.org") for n in range(5000)]
    fill(header.to, *every, Address("", "wrong"))
    assert len(header.to.chips) == 15
    assert header.to.more.text() == "and 4,986 more"
    assert len(header.to.addresses()) == 5001
    header.to.show_all()
    dialog = header.to.findChild(RecipientList)
    assert dialog is not None
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    assert dialog.model.shown[0].wrong
    dialog.search.setText("p4999")
    dialog.view.selectAll()
    dialog.go.click()
    dialog.search.clear()
    dialog.view.setCurrentIndex(dialog.model.index(0))
    dialog.view.setFocus()
    QTest.keyClick(dialog.view, Key.Key_Delete)
    assert len(header.to.addresses()) == 4999
    assert header.wrong() == []
    dialog.reject()
    header.to.set_addresses(every[:32])
    assert len(header.to.chips) == 32
    assert not header.to.more.isVisible()


def test_a_very_long_list_is_read_in_slices(header: LetterHeader, qtbot: QtBot) -> None:
    many = ", ".join(f'"P, {n}" <p{n}@x{n % 9}.org>' for n in range(20_000))
    told: list[str] = []
    header.noted.connect(told.append)
    QGuiApplication.clipboard().setText(many)
    with qtbot.waitSignal(header.to.read, timeout=60_000):
        QTest.keyClick(header.to.edit, Key.Key_V, CTRL)
        assert header.reading
        assert len(header.to.addresses()) < 20_000
        # What is pasted meanwhile comes after it.
        header.to.paste("last@example.org")
    assert len(header.to.addresses()) == 20_001
    assert told == [
        "20,001 recipients were pasted. A letter can go to at most 5,000 people at once."
    ]  # fmt: skip


def test_reply_to_is_a_line_of_its_own(header: LetterHeader) -> None:
    assert not header.reply_to.isVisible()
    header.reveal(header.reply_to)
    QTest.keyClicks(header.reply_to.edit, "answers@example.org,")
    assert header.reply_to.addresses() == (Address("", "answers@example.org"),)
    assert not header.anyone()
    QTest.keyClicks(header.reply_to.edit, "wrong")
    assert header.wrong() == ["wrong"]


def test_a_hidden_copy_follows_whom_it_is_from(qtbot: QtBot) -> None:
    accounts = [account(1, "home", "tom@example.org"), account(2, "work", "tom@work.example")]
    header = LetterHeader(accounts, people)
    qtbot.addWidget(header)
    header.load(Draft(DraftId(0), AccountId(1)))
    header.hidden_copy()
    assert mails(header.bcc) == ["tom@example.org"]
    header.writer.choose("tom@work.example")
    assert mails(header.bcc) == ["tom@work.example"]


def test_tab_leads_past_the_chips(header: LetterHeader) -> None:
    fill(header.to, ANNA, BO)
    QTest.keyClick(header.to.edit, Key.Key_Tab)
    assert header.subject.hasFocus()
    header.to.edit.setFocus()
    QTest.keyClick(header.to.edit, Key.Key_Backtab)
    assert header.show_bcc.hasFocus()


def test_shift_delete_forgets_who_is_offered(header: LetterHeader) -> None:
    asked: list[object] = []
    header.asked.connect(asked.append)
    QTest.keyClicks(header.to.edit, "o")
    QTest.keyClick(header.to.edit, Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(header.to.edit, Key.Key_Down)
    QTest.keyClick(header.to.edit, Key.Key_Return)
    assert asked == [ForgetAddress(ANNA.address)]
    assert ANNA.address not in mails(header.to)
