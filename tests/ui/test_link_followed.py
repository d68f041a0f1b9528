"""Links of a message: which are asked about and why, and what they lose on the way out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from martlet.mail.reading import Link, LinkRisk
from martlet.ui import links
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
LIE = Link("HTTPS://Evil.Example/x?utm_source=a&id=1", "www.bank.example", "evil.example",
           LinkRisk.OTHER_SITE)  # fmt: skip


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


def follow(parent: QWidget, url: str, *risky: Link) -> list[str]:
    opened: list[str] = []

    def note(target: QUrl) -> None:
        opened.append(target.toString())

    links.follow(parent, QUrl(url), note, risky, note)
    return opened


def test_an_honest_link_opens_without_what_tracks(parent: QWidget) -> None:
    assert follow(parent, "https://a.example/p?utm_campaign=x&id=7") == ["https://a.example/p?id=7"]
    assert follow(parent, "mailto:ada@example.org") == ["mailto:ada@example.org"]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x"])
def test_nothing_else_opens(parent: QWidget, url: str) -> None:
    assert follow(parent, url) == []


def test_a_risky_link_is_asked_about_with_the_reason(qtbot: QtBot, parent: QWidget) -> None:
    opened: list[str] = []
    links.follow(
        parent,
        QUrl(LIE.href),
        lambda _to: None,
        [LIE],
        lambda target: opened.append(target.toString()),
    )
    box = parent.findChild(QMessageBox, "riskyLink")
    assert box is not None
    assert "www.bank.example" in box.text()
    assert "evil.example" in box.text()
    assert "utm_source" not in box.informativeText()
    assert not opened
    box.buttons()[0].click() if box.buttons()[0].text() == "Open it" else box.buttons()[1].click()
    assert opened == ["https://evil.example/x?id=1"]


def test_without_a_yes_it_stays_closed(parent: QWidget) -> None:
    assert follow(parent, LIE.href, LIE) == []
    box = parent.findChild(QMessageBox, "riskyLink")
    assert box is not None
    box.reject()
