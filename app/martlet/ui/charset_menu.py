"""Text encodings to read a message in, when it does not say or says it wrongly."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

# As the engine is asked; every group ends with a line.
_GROUPS = (
    ("utf-8",),
    ("gb18030", "big5", "iso-2022-jp", "shift_jis", "euc-jp", "euc-kr"),
    ("windows-1252", "iso-8859-15", "windows-1250", "windows-1257", "windows-1254"),
    ("windows-1251", "koi8-r", "windows-1253", "windows-1255", "windows-1256"),
    ("tis-620", "windows-1258"),
)
CHARSETS = tuple(name for group in _GROUPS for name in group)


def charset_menu(parent: QWidget, asked: str, used: str, choose: Callable[[str], None]) -> QMenu:
    """asked: the one chosen by hand, "" for none. used: what the text was read as."""
    menu = QMenu(parent)
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
    """What it is called among people, with its own name."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("charset", text)

    known = {
        "utf-8": tr("Unicode"),
        "gb18030": tr("Chinese, simplified"),
        "big5": tr("Chinese, traditional"),
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
    written = name.upper() if not name.startswith("windows") else name.capitalize()
    what = known.get(name.casefold(), "")
    return f"{what} ({written})" if what else written
