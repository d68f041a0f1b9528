"""The theme: it can be changed under a living window, and what it says can be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from martlet.ui import theme
from martlet.ui.paint import mix
from martlet.ui.tokens import DARK, LIGHT, Tokens


@pytest.fixture
def follows_again(qapp: QApplication) -> Iterator[None]:
    palette, sheet = qapp.palette(), qapp.styleSheet()
    yield
    theme.choose("")
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    c = QColor(colour)
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.usefixtures("follows_again")
def test_it_changes_under_a_living_window(qtbot: QtBot) -> None:
    box = QCheckBox("Keep it")
    qtbot.addWidget(box)
    box.show()
    with qtbot.waitSignal(theme.notifier().changed):
        theme.choose("dark")
    assert theme.current() is DARK
    assert box.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK.text)
    with qtbot.waitSignal(theme.notifier().changed):
        theme.choose("light")
    assert theme.current() is LIGHT


@pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_can_be_read(t: Tokens) -> None:
    grounds = (t.ground, t.list, t.page, t.raised, t.hover, t.soft_quiet, t.soft)
    pairs = [(ink, ground) for ink in (t.text, t.text2, t.text3) for ground in grounds]
    pairs += [(t.accent, ground) for ground in (t.page, t.list, t.soft, t.hover)]
    pairs += [(quote, ground) for quote in t.quotes for ground in (t.page, t.found)]
    pairs += [(ink, t.found) for ink in (t.text, t.text2)]
    pairs += [(tag, mix(t.page, tag, 0.14).name()) for tag in t.tags]
    pairs += [(t.text, mix(t.page, t.danger, 0.1).name())]
    pairs += [("#ffffff", avatar) for avatar in t.avatars]
    pairs += [(t.on_accent, t.accent), (t.danger, t.page), (t.danger, t.ground)]
    pairs += [(t.warn_text, t.warn_ground)]
    poor = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5}
    assert not poor
