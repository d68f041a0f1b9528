"""Groups of recipients: made of a letter's, renamed, changed, taken away, written to."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link.messages import RemoveGroup, SaveGroup
from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.writing import Group
from martlet.ui.compose.people.group_sheet import GroupSheet
from martlet.ui.compose.window import ComposeWindow
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ANNA, BO = Address("Anna Berg", "anna@example.org"), Address("", "bo@example.org")
WANG = Address("王小明", "wang@例子.公司")
TEAM, CHOIR = Group("Team", (ANNA, WANG)), Group("Choir", (BO,))
LINES = ("To", "Cc", "Bcc")
Key = Qt.Key


class Shown:
    """A sheet, and what it asked and chose."""

    def __init__(
        self, qtbot: QtBot, groups: Sequence[Group], members: Sequence[Address] = ()
    ) -> None:
        self.asked: list[object] = []
        self.chosen: list[tuple[str, Group]] = []
        self.sheet = GroupSheet(groups, lambda _typed, _most: [ANNA], LINES, members=members)
        self.sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        self.sheet.asked.connect(self.asked.append)
        self.sheet.chosen.connect(lambda line, group: self.chosen.append((line, group)))
        qtbot.addWidget(self.sheet)
        with qtbot.waitActive(self.sheet):
            self.sheet.show()
            self.sheet.activateWindow()

    def names(self) -> list[str]:
        return [self.sheet.list.item(n).text() for n in range(self.sheet.list.count())]

    def name(self, words: str) -> None:
        self.sheet.form.name.setFocus()
        self.sheet.form.name.selectAll()
        QTest.keyClicks(self.sheet.form.name, words)

    def add(self, words: str) -> None:
        self.sheet.form.people.edit.setFocus()
        QTest.keyClicks(self.sheet.form.people.edit, words + ",")


def test_one_is_made_and_seen_in_the_list(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [])
    assert shown.sheet.none.isVisible()
    assert not shown.sheet.form.isVisible()
    assert not shown.sheet.into[0].isEnabled()
    shown.sheet.new.click()
    assert shown.sheet.form.name.hasFocus()
    shown.name(" My choir")
    shown.add("bo@example.org")
    QTest.keyClick(shown.sheet.form.people.edit, Key.Key_Return)
    assert shown.asked == [SaveGroup(Group("My choir", (BO,)))]
    assert shown.names() == ["My choir  –  1 person"]
    shown.sheet.into[2].click()
    assert shown.chosen == [("Bcc", Group("My choir", (BO,)))]
    assert not shown.sheet.isVisible()


def test_one_is_renamed_and_changed(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [TEAM, CHOIR])
    assert shown.names() == ["Choir  –  1 person", "Team  –  2 people"]
    shown.sheet.list.setCurrentRow(1)
    assert shown.sheet.form.people.addresses() == TEAM.members
    shown.name("Band")
    shown.add("bo@example.org")
    shown.sheet.list.setCurrentRow(0)  # another one: it is kept
    band = Group("Band", (ANNA, WANG, BO))
    assert shown.asked == [SaveGroup(band), RemoveGroup("Team")]
    assert shown.names() == ["Band  –  3 people", "Choir  –  1 person"]
    assert shown.sheet.form.name.text() == "Choir"
    shown.sheet.list.setCurrentRow(0)
    shown.sheet.cancel.click()
    assert len(shown.asked) == 2  # looked at only


def test_one_is_taken_away(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [TEAM, CHOIR])
    shown.sheet.list.setCurrentRow(1)
    shown.sheet.remove.click()
    assert shown.sheet.form.name.text() == "Choir"
    shown.sheet.remove.click()
    assert shown.asked == [RemoveGroup("Team"), RemoveGroup("Choir")]
    assert shown.sheet.none.isVisible()
    assert shown.sheet.undone.text() == "“Choir” was deleted."
    shown.sheet.undo.click()
    assert shown.asked[2:] == [SaveGroup(CHOIR)]
    assert shown.names() == ["Choir  –  1 person"]
    assert not shown.sheet.undo.isVisible()
    QTest.keyClick(shown.sheet.list, Key.Key_Return)
    assert shown.chosen == [("To", CHOIR)]


@pytest.mark.parametrize(
    ("name", "people", "said"),
    [
        ("", "bo@example.org", "Give the group a name."),
        ("\u200b", "bo@example.org", "Give the group a name."),
        ("team", "bo@example.org", "There is a group of this name already."),
        ("New", "", "Put at least one person into the group."),
        ("New", "bo@", "“bo@” cannot be an address. Correct or remove it."),
    ],
)
def test_what_cannot_be_kept_is_said(qtbot: QtBot, name: str, people: str, said: str) -> None:
    shown = Shown(qtbot, [TEAM])
    shown.sheet.new.click()
    shown.sheet.form.name.setText(name)
    if people:
        shown.add(people)
    shown.sheet.list.setCurrentRow(0)
    assert shown.sheet.notice.text == said
    assert shown.sheet.list.currentRow() == 1
    shown.sheet.into[0].click()
    assert (shown.chosen, shown.asked) == ([], [])
    shown.sheet.reject()  # said once more would be too much
    assert not shown.sheet.isVisible()
    assert shown.asked == []


def test_a_new_one_with_nothing_in_it_just_goes(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [TEAM])
    shown.sheet.new.click()
    shown.sheet.list.setCurrentRow(0)
    assert shown.names() == ["Team  –  2 people"]
    shown.sheet.new.click()
    shown.sheet.remove.click()
    assert shown.names() == ["Team  –  2 people"]
    shown.sheet.new.click()
    shown.sheet.reject()
    assert not shown.sheet.isVisible()
    assert shown.asked == []


def test_a_letters_recipients_become_one(qtbot: QtBot) -> None:
    reader, link = FakeReader([account(1, "home", "tom@example.org")]), FakeLink()
    reader.groups_kept.append(TEAM)
    draft = Draft(DraftId(1), AccountId(1), to=(ANNA, Address("", "wrong")), cc=(BO,), bcc=(ANNA,))
    window = ComposeWindow(link, reader.reader, draft)
    qtbot.addWidget(window)
    window.show()
    window.commands["keep_group"].trigger()
    sheet = window.groups.sheet
    assert sheet is not None
    assert sheet.form.people.addresses() == (ANNA, BO)
    sheet.form.name.setText("Both")
    QTest.keyClick(sheet.form.name, Key.Key_Return)
    assert link.of(SaveGroup) == [SaveGroup(Group("Both", (ANNA, BO)))]
    sheet.list.setCurrentRow(1)
    sheet.into[2].click()
    assert window.header.bcc.addresses() == (ANNA, WANG)
    assert window.header.bcc.isVisible()
    window.header.to.set_addresses((ANNA, WANG))
    window.header.to.want_group()
    assert window.groups.sheet is not sheet


def test_nobody_is_no_group(qtbot: QtBot) -> None:
    reader = FakeReader([account(1, "home", "tom@example.org")])
    window = ComposeWindow(FakeLink(), reader.reader, Draft(DraftId(1), AccountId(1)))
    qtbot.addWidget(window)
    window.show()
    window.commands["keep_group"].trigger()
    assert window.groups.sheet is None
    assert "no recipients yet" in window.notice.text
