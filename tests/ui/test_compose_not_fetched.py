"""A pasted picture on the internet that was not fetched is asked about, and is not sent."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import QMimeData
from pytestqt.qtbot import QtBot

from martlet.link.messages import FetchPicture, Send
from martlet.ui.compose.going.before_sending import BeforeSending
from martlet.ui.compose.going.checks import not_fetched
from ui import hands_desk as desk
from ui.compose_fakes import FakeLink

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_it_is_asked_about_before_the_letter_goes(qtbot: QtBot) -> None:
    window = desk.window(qtbot, "<p>Hi</p>")
    link = cast("FakeLink", window._link)
    assert not_fetched(window, window.draft()) is None
    data = QMimeData()
    data.setHtml('<img src="https://x.example/a.png" alt="map"> here')
    window.editor.insertFromMimeData(data)
    window.sending.start()
    assert link.of(Send) == []
    assert isinstance(window.question, BeforeSending)
    question = not_fetched(window, window.draft())
    assert question is not None
    assert question.sentence == "Send without a picture?"
    assert question.mend is not None
    question.mend()
    assert [one.url for one in link.of(FetchPicture)] == ["https://x.example/a.png"]
    window.question.reject()
