"""What can be done with somebody's address: copied, written to, mail from it searched for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from martlet.mail.message import Address
from martlet.ui import theme
from martlet.ui.shown_text import cut

_tr = QCoreApplication.translate
_LONGEST = 60


def address_menu(
    parent: QWidget,
    person: Address,
    *,
    write: Callable[[Address], None] | None,
    search: Callable[[Address], None] | None,
    said: Callable[[str], None],
) -> QMenu:
    """The menu, for the caller to pop up; gone when it is closed."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    title = menu.addAction(cut(person.address or person.name, _LONGEST).replace("&", "&&"))
    title.setEnabled(False)
    menu.addSeparator()

    def copy(text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        said(_tr("address", "Copied {what}").format(what=cut(text, _LONGEST)))

    if person.address:
        if write is not None:
            make = menu.addAction(theme.icon("compose"), _tr("address", "Write to this address"))
            make.triggered.connect(lambda: write(person))
        if search is not None:
            look = menu.addAction(theme.icon("search"), _tr("address", "Search mail from it"))
            look.triggered.connect(lambda: search(person))
        if write is not None or search is not None:
            menu.addSeparator()
        plain = menu.addAction(_tr("address", "Copy address"))
        plain.triggered.connect(lambda: copy(person.address))
    if person.name:
        both = menu.addAction(_tr("address", "Copy name and address"))
        both.triggered.connect(lambda: copy(str(person)))
    return menu


def pop_up(menu: QMenu, under: QWidget) -> None:
    """Where the pointer is, if that is on the widget; else below it, for the keyboard. Of the
    screen it stays within: above, where there is no room below.
    """
    at = QCursor.pos()
    if not under.rect().contains(under.mapFromGlobal(at)):
        at = under.mapToGlobal(under.rect().bottomLeft())
    room, size = under.screen().availableGeometry(), menu.sizeHint()
    at.setX(max(room.left(), min(at.x(), room.right() + 1 - size.width())))
    at.setY(max(room.top(), min(at.y(), room.bottom() + 1 - size.height())))
    menu.popup(at)
