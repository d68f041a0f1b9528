"""Colours, fonts and icons of the program: tokens for light and for dark, following the system.

`current()` is what to paint with now; `notifier()` tells when that changes. The style sheet made
from the tokens is in `style.py`. Nothing here knows of mail.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QByteArray, QLocale, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from martlet import assets
from martlet.ui.tokens import DARK, LIGHT, Tokens

# Fonts that sit well beside Latin text of the same size, by the writing a person prefers.
_CJK = {
    "zh_Hant": ("Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei"),
    "ja": ("Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic UI"),
    "ko": ("Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic"),
    "": ("Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei"),
}


class Notifier(QObject):
    """Tells that the tokens are others now."""

    changed = Signal()


_notifier: Notifier | None = None
_chosen = ""
_svg: dict[str, bytes] = {}


def notifier() -> Notifier:
    """The one notifier of this application."""
    global _notifier
    if _notifier is None:
        _notifier = Notifier()
    return _notifier


def choose(scheme: str) -> None:
    """ "light" or "dark" whatever the system says; "" follows it. Before `apply`, or to be seen."""
    global _chosen
    _chosen = scheme
    app = QApplication.instance()
    if isinstance(app, QApplication):
        _recolour(app)


def current() -> Tokens:
    """The tokens for the colour scheme chosen, else for that of the system."""
    if _chosen in ("light", "dark"):
        return DARK if _chosen == "dark" else LIGHT
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def apply(app: QApplication) -> None:
    """Style, font, palette and style sheet; again whenever the system changes its scheme."""
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(ui_font())
    _recolour(app)
    app.styleHints().colorSchemeChanged.connect(lambda _scheme: _recolour(app))


def _recolour(app: QApplication) -> None:
    from martlet.ui import style  # here, because the style sheet is made of these tokens

    tokens = current()
    app.setPalette(palette(tokens))
    # Fusion takes the edge of these from the ground, and in the dark it vanishes in that.
    edged = palette(tokens)
    edged.setColor(QPalette.ColorRole.Window, QColor(tokens.text3))
    edged.setColor(QPalette.ColorRole.Base, QColor(tokens.raised))
    # PySide's stub says bytes; what it takes (6.11) is text.
    names: tuple[Any, ...] = ("QCheckBox", "QRadioButton")
    for name in names:
        app.setPalette(edged, name)
    app.setStyleSheet(style.sheet(tokens))
    notifier().changed.emit()


def palette(tokens: Tokens) -> QPalette:
    """The tokens as Qt's roles, for everything the style sheet does not name."""
    role = QPalette.ColorRole
    made = QPalette()
    for where, colour in (
        (role.Window, tokens.ground),
        (role.WindowText, tokens.text),
        (role.Base, tokens.page),
        (role.AlternateBase, tokens.list),
        (role.Text, tokens.text),
        (role.Button, tokens.raised),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.danger),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Accent, tokens.accent),
        (role.ToolTipBase, tokens.raised),
        (role.ToolTipText, tokens.text),
        (role.PlaceholderText, tokens.text3),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.Light, tokens.raised),
        (role.Midlight, tokens.hover),
        (role.Mid, tokens.line),
        (role.Dark, tokens.line),
        (role.Shadow, "#000000"),
    ):
        made.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, QColor(tokens.text3))
    return made


def ui_font() -> QFont:
    """The system's font, not below 13 px, with fitting Chinese, Japanese and Korean behind it."""
    font = QGuiApplication.font()
    locale = QLocale.system()
    name = locale.name()
    key = name[:2]
    if key == "zh":
        traditional = locale.script() is QLocale.Script.TraditionalHanScript
        key = "zh_Hant" if traditional else ""
    families = [QFontInfo(font).family(), *_CJK.get(key, _CJK[""])]
    font.setFamilies(families)
    if QFontInfo(font).pixelSize() < 13:
        font.setPixelSize(13)
    return font


def font(pixels: int, *, bold: bool = False) -> QFont:
    """The application's font in a size for a 13 px interface, scaled with the user's own size.

    bold is semi-bold: Chinese at full bold fills in at these sizes.
    """
    made = QFont(QGuiApplication.font())
    made.setPixelSize(max(9, round(pixels * QFontInfo(made).pixelSize() / 13)))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def pixmap(name: str, size: int, colour: str | QColor, ratio: float = 1.0) -> QPixmap:
    """A symbol of icons/ in one colour, `size` logical pixels square."""
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    draw(painter, name, QRectF(0, 0, size, size), colour)
    painter.end()
    return made


def mark(name: str, token: str, widget: QWidget) -> QPixmap:
    """A symbol as large as a question's, in the colour of a token."""
    return pixmap(name, 30, getattr(current(), token), widget.devicePixelRatioF())


def draw(painter: QPainter, name: str, rect: QRectF, colour: str | QColor) -> None:
    """Paints a symbol of icons/ in one colour into `rect`."""
    renderer = _renderer(name, QColor(colour).name())
    renderer.render(painter, rect)


_renderers: dict[tuple[str, str], QSvgRenderer] = {}


def _renderer(name: str, colour: str) -> QSvgRenderer:
    found = _renderers.get((name, colour))
    if found is None:
        if name not in _svg:
            _svg[name] = assets.path(f"icons/{name}.svg").read_bytes()
        source = _svg[name].replace(b"currentColor", colour.encode())
        found = _renderers[name, colour] = QSvgRenderer(QByteArray(source))
    return found


class _Symbol(QIconEngine):
    """Paints a symbol in the colours of the moment, so that icons follow a change of scheme."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        tokens = current()
        colour = getattr(tokens, self._colour or "text2")
        if mode is QIcon.Mode.Disabled:
            shade = QColor(tokens.text3)
            shade.setAlpha(110)
            painter.setOpacity(0.45)
            colour = shade.name()
        elif mode is QIcon.Mode.Selected and not self._colour:
            colour = tokens.text
        draw(painter, self._name, QRectF(rect), colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Symbol(self._name, self._colour)


def icon(name: str, colour: str = "") -> QIcon:
    """A symbol of icons/ as an icon, in the theme's colours or in one named token ("accent")."""
    return QIcon(_Symbol(name, colour))


def application_icon() -> QIcon:
    """The bird."""
    return QIcon(str(assets.path("icons/martlet.svg")))
