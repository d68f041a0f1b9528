"""Text encodings to read a message in, when it does not say or says it wrongly."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

# As the engine is asked; every group ends with a line.
_GROUPS = (
    ("utf-8",),
    ("gb18030", "big5", "iso-2022-jp", "shift_jis", "euc-jp", "euc-kr"),
    ("windows-1252", "iso-8859-15", "windows-1250", "windows-1257", "windows-1254"),
    ("windows-1251", "koi8-r", "windows-1253", "windows-1255", "windows-1256"),
    ("tis-620", "windows-1258"),
)
_WRITTEN = {"big5": "Big5", "shift_jis": "Shift_JIS"}
CHARSETS = tuple(name for group in _GROUPS for name in group)


class _Menu(QMenu):
    """Typing goes to the entry whose name begins with what is typed, or else holds it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._typed = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(QApplication.keyboardInputInterval())
        self._pause.timeout.connect(self._begin)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = event.text()
        if not typed.isprintable() or not typed or (typed == " " and not self._typed):
            super().keyPressEvent(event)
            return
        self._typed += typed.casefold()
        self._pause.start()
        found = self._found(self._typed)
        if found is None and len(self._typed) > 1:
            # The next word rather than a slip of the first.
            self._typed = typed.casefold()
            found = self._found(self._typed)
        if found is not None:
            self.setActiveAction(found)

    def _begin(self) -> None:
        self._typed = ""

    def _found(self, typed: str) -> QAction | None:
        names = [(each.text().casefold(), each) for each in self.actions() if each.text()]
        begin = [each for name, each in names if name.startswith(typed)]
        hold = [each for name, each in names if typed in name]
        return next(iter(begin or hold), None)


def charset_menu(parent: QWidget, asked: str, used: str, choose: Callable[[str], None]) -> QMenu:
    """asked: the one chosen by hand, "" for none. used: what the text was read as."""
    menu = _Menu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    group = QActionGroup(menu)
    automatic = QCoreApplication.translate("charset", "Automatic")
    if not asked and used:
        automatic = QCoreApplication.translate("charset", "Automatic: {name}").format(
            name=shown(used)
        )
    first = menu.addAction(automatic.replace("&", "&&"))
    first.triggered.connect(lambda: choose(""))
    first.setCheckable(True)
    first.setChecked(not asked)
    group.addAction(first)
    for names in _GROUPS:
        menu.addSeparator()
        for name in names:
            action = menu.addAction(shown(name))
            action.setCheckable(True)
            action.setChecked(name == asked)
            action.triggered.connect(lambda _on=False, name=name: choose(name))
            group.addAction(action)
    return menu


def shown(name: str) -> str:
    """Its own name, which is looked for and typed, and what it is called among people."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("charset", text)

    known = {
        "utf-8": tr("Unicode"),
        "gb18030": tr("Chinese simplified"),
        "big5": tr("Chinese traditional"),
        "iso-2022-jp": tr("Japanese"),
        "shift_jis": tr("Japanese"),
        "euc-jp": tr("Japanese"),
        "euc-kr": tr("Korean"),
        "windows-1252": tr("Western"),
        "iso-8859-15": tr("Western"),
        "windows-1250": tr("Central European"),
        "windows-1257": tr("Baltic"),
        "windows-1254": tr("Turkish"),
        "windows-1251": tr("Cyrillic"),
        "koi8-r": tr("Cyrillic"),
        "windows-1253": tr("Greek"),
        "windows-1255": tr("Hebrew"),
        "windows-1256": tr("Arabic"),
        "tis-620": tr("Thai"),
        "windows-1258": tr("Vietnamese"),
    }
    written = _WRITTEN.get(name.casefold(), name.upper())
    if name.casefold().startswith("windows"):
        written = name.capitalize()
    what = known.get(name.casefold(), "")
    return f"{written}, {what}" if what else written
