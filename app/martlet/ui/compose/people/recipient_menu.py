"""What can be done with one recipient, and with all of a line: the menu of a chip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from martlet.link.messages import ForgetAddress
from martlet.mail.safe_domain import safe_address
from martlet.mail.visible import visible
from martlet.ui import theme
from martlet.ui.compose.people.chip import RecipientChip
from martlet.ui.shown_text import cut

if TYPE_CHECKING:
    from martlet.ui.compose.people.recipients import RecipientField

_LONGEST = 60


def chip_menu(field: RecipientField, chip: RecipientChip) -> QMenu:
    """For the caller to pop up; gone when it is closed."""
    menu = QMenu(field)
    menu.aboutToHide.connect(menu.deleteLater)
    person = chip.entry.address
    shown = cut(visible(safe_address(person.address)), _LONGEST).replace("&", "&&")
    menu.addAction(shown).setEnabled(False)
    menu.addSeparator()
    edit = menu.addAction(theme.icon("edit"), _tr("Edit"))
    edit.triggered.connect(lambda: field.edit_chip(chip))
    copy = menu.addAction(theme.icon("copy"), _tr("Copy address"))
    copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(person.address))
    if person.name:
        both = menu.addAction(_tr("Copy name and address"))
        both.triggered.connect(lambda: field.copy([chip.entry]))
    menu.addSeparator()
    for line in field.others:
        go = menu.addAction(_tr("Move to {line}").format(line=line))
        go.triggered.connect(lambda _on=False, line=line: field.move_to(chip, line))
    menu.addSeparator()
    if chip.entry.valid:
        keep = menu.addAction(_tr("Remember this address"))
        keep.triggered.connect(lambda: field.remember(chip))
        forget = menu.addAction(_tr("Do not offer it any more"))
        forget.triggered.connect(lambda: field.asked.emit(ForgetAddress(person.address)))
    if field.others and len(field.rows) > 1:
        group = menu.addAction(_tr("Keep these {n} as a group…").format(n=len(field.rows)))
        group.triggered.connect(lambda: field.want_group())
    menu.addSeparator()
    out = menu.addAction(theme.icon("remove"), _tr("Remove"))
    out.triggered.connect(lambda: field.remove([field.key_of(chip)]))
    return menu


def _tr(words: str) -> str:
    return QCoreApplication.translate("recipients", words)
