"""The wizard's first page: who somebody is, and who will be asked before anybody is."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from martlet.mail.discovery import ISPDB_HOST
from martlet.mail.sign_in import DesktopAccount
from martlet.ui.accounts.person import PersonPage
from ui.support.setting_up import tab_walk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def page(qtbot: QtBot, opened: list[str]) -> PersonPage:
    made = PersonPage(None, opened.append)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_known_provider_is_asked_of_nobody(page: PersonPage, opened: list[str]) -> None:
    QTest.keyClicks(page.address, "tom@163.com")
    assert "授权码" in page.hint.text
    assert page.password.accessibleName() == "Authorisation code (授权码)"
    told = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert "Authorisation code (授权码)" in told
    assert "Password" not in told
    assert "nobody is asked" in page.hosts.words.text()
    assert not page.hosts.hosts.isVisible()
    assert not page.hosts.ispdb.isVisible()
    page.hint.link.click()
    assert opened == [page.hint.link.toolTip()]
    assert opened[0].startswith("https://")


def test_hosts_are_said_before_the_click(page: PersonPage) -> None:
    QTest.keyClicks(page.address, "tom@home.example")
    assert page.ready
    lines = page.hosts.hosts.text().splitlines()
    assert "autoconfig.home.example" in lines
    assert ISPDB_HOST in lines
    page.hosts.ispdb.click()
    assert not page.hosts.allowed
    assert ISPDB_HOST not in page.hosts.hosts.text()
    # It can be asked again after all.
    assert page.hosts.ispdb.isVisible()


def test_a_wrong_address_is_said_when_left(page: PersonPage) -> None:
    QTest.keyClicks(page.address, "tom@")
    assert not page.problem_line.isVisible()
    assert not page.ready
    page.address.editingFinished.emit()
    assert "cannot be a mail address" in page.problem_line.text()
    QTest.keyClicks(page.address, "example.org")
    assert not page.problem_line.isVisible()
    assert page.ready


def test_accounts_of_the_desktop_are_buttons(qtbot: QtBot, page: PersonPage) -> None:
    assert not page.offers.isVisible()
    long = "a.very.long.address.that.nobody.would.type@a-domain-of-many-words.example.org"
    found = [
        DesktopAccount("goa:1", "GNOME Online Accounts", "Example", "a@b.example", "Ada"),
        DesktopAccount("goa:2", "GNOME Online Accounts", "Example", long),
    ]
    page.show_desktop(found)
    assert [button.accessibleName() for button in page.offer_buttons] == [
        "Use a@b.example of GNOME Online Accounts",
        f"Use {long} of GNOME Online Accounts",
    ]
    with qtbot.waitSignal(page.wanted):
        page.offer_buttons[0].click()
    assert page.person.desktop == found[0]
    assert (page.person.address, page.person.full_name) == ("a@b.example", "Ada")
    # Another address is another account.
    QTest.keyClicks(page.address, ".org")
    assert page.person.desktop is None


def test_the_browser_is_offered_once_the_provider_is_known(qtbot: QtBot, page: PersonPage) -> None:
    assert not page.browser.isVisible()
    QTest.keyClicks(page.address, "tom@gmail.com")
    QTest.keyClicks(page.password, "typed")
    assert page.browser.isVisible()
    with qtbot.waitSignal(page.wanted):
        page.browser.click()
    assert (page.person.by_browser, page.person.password) == (True, "")
    QTest.keyClicks(page.password, "typed")
    assert not page.person.by_browser
    QTest.keyClicks(page.address, ".example")
    assert not page.browser.isVisible()


def test_tab_goes_from_top_to_bottom(page: PersonPage) -> None:
    page.show_desktop([DesktopAccount("goa:1", "GNOME", "Example", "a@b.example")])
    QTest.keyClicks(page.address, "tom@home.example")
    walked = tab_walk(page, page.offer_buttons[0], 4)
    assert walked == [page.full_name, page.address, page.password, page.hosts.ispdb]


def test_the_repr_of_a_person_has_no_password(page: PersonPage) -> None:
    QTest.keyClicks(page.password, "secret")
    assert "secret" not in repr(page.person)
