"""Attachments looked at in place of the message."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from martlet.mail.message import Attachment
from martlet.ui.preview.message_page import MessagePage
from martlet.ui.preview.page_view import Fit, PageView
from martlet.ui.text_view import TextView
from ui.support.attached import Desk, desk, mail, pdf
from ui.support.sample import HEADLESS, png

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Unable to detect a launcher")


def letter() -> EmailMessage:
    inner = EmailMessage()
    inner["From"] = "陈晓明 <chen@example.cn>"
    inner["Subject"] = "评审"
    inner.set_content("会议室在三楼。\n")
    return inner


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


FILES = [
    ("a.png", "image/png", png()),
    ("b.pdf", "application/pdf", pdf(5)),
    ("c.csv", "text/csv", "名称;数量\n".encode("gb18030") * 40),
    ("d.xlsx", "application/vnd.ms-excel", b"PK\3\4"),
    ("invoice.pdf", "application/pdf", b"MZ" + bytes(200)),
    ("e.html", "text/html", b"<html><script>alert(1)</script>"),
    ("f.qqq", "application/x-unknown", b"plain words, nothing else\n"),
    ("g.png", "image/png", png()[:60]),
    ("h.mp3", "audio/mpeg", b"ID3" + bytes(100)),
]


@pytest.fixture
def joined(qtbot: QtBot, tmp_path: Path) -> Desk:
    return desk(qtbot, tmp_path, mail(FILES, letter()))


def test_a_picture_takes_the_place_of_the_text(joined: Desk) -> None:
    joined.look_at("a.png")
    preview = joined.preview
    assert preview.showing is preview.pages
    assert joined.body.isHidden()
    middle = preview.pages.viewport().grab().toImage()
    colour = middle.pixelColor(middle.width() // 2, middle.height() // 2)
    assert colour.name() == "#00ff00"
    assert joined.chip("a.png").current
    assert preview.leave()
    assert not preview.leave()
    assert joined.body.isVisible()
    assert not joined.chip("a.png").current


def test_pages_are_scrolled_and_counted(qtbot: QtBot, joined: Desk) -> None:
    joined.look_at("b.pdf")
    pages = joined.preview.pages
    assert joined.preview.strip.place == "Page 1 of 5"
    QTest.keyClick(pages, Qt.Key.Key_End)
    assert joined.preview.strip.place == "Page 5 of 5"
    qtbot.waitUntil(lambda: pages.complete)
    shot = pages.viewport().grab().toImage()
    assert shot.pixelColor(shot.width() // 2, 5).name() in ("#ffffff", "#000000")


def test_zoom_is_decoded_anew_and_bounded(qtbot: QtBot, joined: Desk) -> None:
    joined.look_at("a.png")
    pages = joined.preview.pages
    before = pages.percent
    for _ in range(40):
        QTest.keyClick(pages, Qt.Key.Key_Plus)
    assert pages.percent > 4 * before
    qtbot.waitUntil(lambda: pages.complete)
    joined.preview.zoom(0)
    assert pages.percent == before


def test_text_in_its_charset(joined: Desk) -> None:
    joined.look_at("c.csv")
    assert joined.preview.showing is joined.preview.text
    assert "名称;数量" in joined.preview.text.toPlainText()


def test_a_page_of_the_web_is_shown_as_it_is_written(joined: Desk) -> None:
    joined.look_at("e.html")
    assert "<script>" in joined.preview.text.toPlainText()


def test_bytes_tell_what_a_name_does_not(joined: Desk) -> None:
    joined.look_at("f.qqq")
    assert joined.preview.showing is joined.preview.text


@pytest.mark.parametrize("name", ["d.xlsx", "invoice.pdf", "g.png", "h.mp3"])
def test_what_cannot_be_shown_has_its_facts(joined: Desk, name: str) -> None:
    joined.look_at(name)
    about = joined.preview.about
    assert joined.preview.showing is about
    assert about.save.isVisible()
    assert about.open.isVisible() is (name != "invoice.pdf")
    assert about.play.isVisible() is (name == "h.mp3")
    if name == "g.png":
        assert "damaged" in about.words


def test_an_attached_message_is_shown_as_one(joined: Desk) -> None:
    joined.look_at("评审.eml")
    page = joined.preview.showing
    assert isinstance(page, MessagePage)
    text = page.findChild(TextView)
    assert text is not None
    assert "会议室在三楼" in text.toPlainText()


def test_keys(qtbot: QtBot, joined: Desk) -> None:
    with qtbot.waitActive(joined.window):
        joined.window.activateWindow()
    chip = joined.chip("a.png")
    chip.setFocus()
    qtbot.waitUntil(chip.hasFocus)
    with qtbot.waitSignal(joined.preview.ready):
        QTest.keyClick(chip, Qt.Key.Key_Space)
    assert joined.preview.isAncestorOf(focused())
    with qtbot.waitSignal(joined.preview.ready):
        QTest.keyClick(focused(), Qt.Key.Key_Right)
    now = joined.preview.attachment
    assert now is not None
    assert now.filename == "b.pdf"
    with qtbot.waitSignal(joined.bar.open_wanted):
        QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClick(focused(), Qt.Key.Key_Left)
    QTest.keyClick(focused(), Qt.Key.Key_Left)
    now = joined.preview.attachment
    assert now is not None
    assert now.filename == "a.png"
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert joined.preview.isHidden()
    assert chip.hasFocus()


def test_read_from_the_right_the_next_one_stands_at_the_left(joined: Desk) -> None:
    joined.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    joined.look_at("a.png")
    QTest.keyClick(joined.preview.pages, Qt.Key.Key_Left)
    now = joined.preview.attachment
    assert now is not None
    assert now.filename == "b.pdf"


def test_another_message_ends_it(joined: Desk) -> None:
    joined.look_at("a.png")
    joined.bar.show_attachments(())
    assert joined.preview.attachment is None
    assert joined.body.isVisible()


def test_one_on_the_server_is_fetched_first(qtbot: QtBot, joined: Desk) -> None:
    away = Attachment("2", "a.png", "image/png", 4000, here=False)
    message = joined.bar.message
    joined.bar.show_attachments((away,), message)
    asked: list[str] = []
    joined.files.began.connect(lambda _message, each: asked.append(each.part))
    joined.look_at("a.png")
    assert asked == ["2"]
    assert joined.preview.showing is joined.preview.pages


def test_a_crash_is_said_and_the_window_lives(qtbot: QtBot, tmp_path: Path) -> None:
    import os
    import signal

    joined = desk(qtbot, tmp_path, mail(FILES[:2]))
    joined.look_at("a.png")
    # Else it may die of a thumbnail that it draws meanwhile, and nobody misses that.
    drawn = [joined.chip("a.png"), joined.chip("b.pdf")]
    qtbot.waitUntil(lambda: all(chip.thumbnail is not None for chip in drawn))
    pid = joined.preview.process.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    with qtbot.waitSignal(joined.preview.pages.wanted):
        joined.preview.zoom(1)
    asked: list[bool] = []
    # In a turn of its own, as this; one turn of X need not hold a timer's.
    QTimer.singleShot(0, joined.preview, lambda: asked.append(True))
    qtbot.waitUntil(lambda: bool(asked))
    os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: "ended" in joined.preview.about.words)
    joined.look_at("b.pdf")
    assert joined.preview.showing is joined.preview.pages


def test_nothing_of_it_is_kept_once_it_is_left(joined: Desk) -> None:
    pages = joined.preview.pages
    joined.look_at("b.pdf")
    assert pages.complete
    joined.look_at("c.csv")
    assert not pages.page_count
    joined.look_at("a.png")
    assert pages.complete
    joined.preview.leave()
    assert not pages.page_count
    assert not joined.preview.text.toPlainText()


def test_a_page_drawn_for_an_older_size_is_not_the_whole_answer(qtbot: QtBot) -> None:
    view = PageView()
    qtbot.addWidget(view)
    view.resize(300, 300)
    asked: list[QSize] = []
    view.wanted.connect(lambda _page, width, height: asked.append(QSize(width, height)))
    with qtbot.waitExposed(view):
        view.show()
    view.set_pages([(100.0, 100.0)], Fit.WHOLE)
    qtbot.waitUntil(lambda: len(asked) == 1)
    view.zoom(1)
    qtbot.waitUntil(lambda: len(asked) == 2)
    told = []
    for size in (asked[0], asked[1], asked[0]):
        view.set_frame(0, QImage(size, QImage.Format.Format_RGB32), size)
        told.append(view.complete)
    assert told == [False, True, True]
