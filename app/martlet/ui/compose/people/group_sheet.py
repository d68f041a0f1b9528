"""The groups of people that are kept: made, renamed, changed, taken away, and written to.

What is changed is kept when another group is chosen or the sheet is left, so that there is nothing
to forget; what cannot be kept is said, and the sheet stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from martlet.link.messages import RemoveGroup, SaveGroup
from martlet.mail.message import Address
from martlet.mail.visible import visible
from martlet.mail.writing import Group
from martlet.ui.accounts.parts import link_button, plain_button
from martlet.ui.compose.people.group_form import GroupForm
from martlet.ui.compose.people.recipient_edit import Complete
from martlet.ui.sheet import Sheet
from martlet.ui.shown_text import cut

_WIDE, _HIGH = 640, 430
_LIST = 210
_LONGEST = 60


class GroupSheet(Sheet):
    """chosen: this group goes into the line of that name. asked: a request for the engine.

    members: people of a group to be made at once; its name is all that is missing. lines: names of
    those a group can be put in, what is asked for most first.
    """

    chosen = Signal(str, object)
    asked = Signal(object)

    def __init__(
        self,
        groups: Sequence[Group],
        complete: Complete,
        lines: Sequence[str],
        parent: QWidget | None = None,
        *,
        members: Sequence[Address] = (),
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._groups = sorted(groups, key=lambda each: each.name.casefold())
        self._kept = ""
        self._told = ""
        self._filling = False
        self._removed: Group | None = None
        self.list = QListWidget(self)
        self.list.setObjectName("accountList")
        self.list.setAccessibleName(self.tr("Groups"))
        self.list.setFixedWidth(_LIST)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.new = plain_button(self, self.tr("New group"))
        self.remove = plain_button(self, self.tr("Delete"))
        self.undone = self.text("")
        self.undo = link_button(self, self.tr("Undo"))
        self.form = GroupForm(complete, self)
        self.none = self.text(
            self.tr("A group is a name for people who are written to together. Type the name in a "
                    "line of recipients, and all of them are put in.")
        )  # fmt: skip
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.into = [plain_button(self, line) for line in lines]
        self.head(self.tr("Groups"))
        self.cancel.setAutoDefault(False)  # Enter keeps a group, and does not leave
        self._lay_out(lines)
        self.list.currentRowChanged.connect(self._turn)
        self.new.clicked.connect(lambda: self.begin(()))
        self.remove.clicked.connect(self._take_away)
        self.undo.clicked.connect(self._bring_back)
        self.list.itemActivated.connect(lambda _item: self._choose(lines[0]))
        self.form.changed.connect(self._changed)
        self.form.done.connect(self._ended)
        self.form.asked.connect(self.asked)
        self.resize(_WIDE, _HIGH)
        self._fill(self._groups[0].name if self._groups else "")
        self.list.setFocus()
        if members:
            self.begin(members)

    def _lay_out(self, lines: Sequence[str]) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.list, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.new)
        below.addWidget(self.remove)
        below.addStretch()
        left.addLayout(below)
        right = QVBoxLayout()
        right.addWidget(self.form, 1)
        right.addWidget(self.none, 1)
        both = QHBoxLayout()
        both.setSpacing(18)
        both.addLayout(left)
        both.addLayout(right, 1)
        self.body.addLayout(both, 1)
        again = QHBoxLayout()
        again.addWidget(self.undone)
        again.addWidget(self.undo)
        again.addStretch()
        self.body.addLayout(again)
        self._show_undo()
        for line, button in zip(lines, self.into, strict=True):
            button.setText(self.tr("Put in {line}").format(line=line))
            button.clicked.connect(lambda _on=False, line=line: self._choose(line))
            # What is asked for most stands last, where one looks for it.
            self.buttons.insertWidget(2, button)
        if self.into:
            self.into[0].setProperty("kind", "primary")

    # What is seen

    @property
    def current(self) -> Group | None:
        """The one that is marked, as it is kept; None for a new one, or none."""
        return next((each for each in self._groups if each.name == self._kept), None)

    def begin(self, members: Sequence[Address]) -> None:
        """A new group of these people, to be named."""
        if not self._keep():
            return
        self._fill("")
        self.list.addItem(self.tr("New group"))
        self._show(Group("", tuple(members)), self.list.count() - 1)
        self.form.name.setFocus()

    def _fill(self, name: str) -> None:
        """Lists them all, the one of this name marked."""
        self._filling = True
        self.list.clear()
        for group in self._groups:
            count = len(group.members)
            words = (
                self.tr("{name}  –  {n} people") if count != 1 else self.tr("{name}  –  1 person")
            )
            self.list.addItem(words.format(name=cut(visible(group.name), _LONGEST), n=count))
        self._filling = False
        at = next((n for n, each in enumerate(self._groups) if each.name == name), -1)
        self._show(self._groups[at] if at >= 0 else None, at)

    def _show(self, group: Group | None, row: int) -> None:
        """This group in the form. None: there is none."""
        self._filling = True
        self.list.setCurrentRow(row)
        self._kept = self._groups[row].name if 0 <= row < len(self._groups) else ""
        self.form.load(group or Group("", ()))
        self._filling = False
        self._told = ""
        self.notice.clear()
        self.form.setVisible(group is not None)
        self.none.setVisible(group is None)
        for button in (self.remove, *self.into):
            button.setEnabled(group is not None)

    # What happens

    def _changed(self) -> None:
        if not self._filling:
            self._told = ""
            self.notice.clear()

    def _turn(self, row: int) -> None:
        """Another one was marked in the list."""
        if self._filling or row < 0:
            return
        wanted = self._groups[row].name if row < len(self._groups) else ""
        if not self._keep():
            self._filling = True
            self.list.setCurrentRow(self._row())
            self._filling = False
        elif wanted:
            self._fill(wanted)

    def _row(self) -> int:
        at = (n for n, each in enumerate(self._groups) if each.name == self._kept)
        return next(at, len(self._groups))

    def _keep(self) -> bool:
        """Keeps what the form says, if it says anything new; False where that cannot be."""
        if self.form.isHidden():
            return True
        before, now = self.current, self.form.group()
        if before is None and now == Group("", ()) and not self.form.people.wrong():
            return True  # begun, and nothing was done with it
        problem = self.form.wrong() or self._same_name()
        if problem:
            self._told = problem
            self.notice.say(problem)
            return False
        now = self.form.group()
        if now != before:
            self.asked.emit(SaveGroup(now))
            if before is not None and before.name != now.name:
                # Only after the new one is there
                self.asked.emit(RemoveGroup(before.name))
            rest = [each for each in self._groups if each is not before]
            self._groups = sorted([*rest, now], key=lambda each: each.name.casefold())
            self._kept = now.name
        return True

    def _same_name(self) -> str:
        name = visible(self.form.name.text()).casefold()
        others = (each for each in self._groups if each is not self.current)
        if any(visible(each.name).casefold() == name for each in others):
            return self.tr("There is a group of this name already.")
        return ""

    def _ended(self) -> None:
        """Enter: it is kept, and seen in the list."""
        if self._keep():
            self._fill(self._kept)
            self.list.setFocus()

    def _choose(self, line: str) -> None:
        if self._keep() and (group := self.current) is not None:
            self.chosen.emit(line, group)
            self.accept()

    def _take_away(self) -> None:
        group = self.current
        at = self._row()
        if group is not None:
            self._groups.remove(group)
            self._removed = group
            self.asked.emit(RemoveGroup(group.name))
            self._show_undo()
        left = self._groups[min(at, len(self._groups) - 1)].name if self._groups else ""
        self._fill(left)

    def _bring_back(self) -> None:
        group = self._removed
        if group is None or not self._keep():
            return
        self._removed = None
        self._show_undo()
        if all(each.name != group.name for each in self._groups):
            self.asked.emit(SaveGroup(group))
            self._groups = sorted([*self._groups, group], key=lambda each: each.name.casefold())
        self._fill(group.name)

    def _show_undo(self) -> None:
        words = self.tr("“{name}” was deleted.")
        name = self._removed.name if self._removed is not None else ""
        self.undone.setText(words.format(name=cut(visible(name), _LONGEST)))
        for widget in (self.undone, self.undo):
            widget.setVisible(self._removed is not None)

    def reject(self) -> None:
        """Closed. What cannot be kept is said once; whoever closes then leaves it."""
        told = self._told
        if self._keep() or told:
            super().reject()
