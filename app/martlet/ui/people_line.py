"""One line of people in the head of a message: each name can be clicked, all can be selected.

A few are shown, the others when they are asked for; of thousands the most stay in "All headers".
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from martlet.mail.message import Address
from martlet.ui import theme
from martlet.ui.shown_text import breakable, cut, cut_inside, escaped, isolated

_SHOWN = 4
_MOST = 200
_MOST_CHARS = 12_000
# An address is at most so long (RFC 5321, 4.5.3.1): it is never cut.
_NAME, _ADDRESS = 80, 254
_ALL, _FEW = "all", "few"


class PeopleLine(QLabel):
    """picked: somebody was clicked, or chosen by the keyboard. turned: more or fewer are shown now.

    whole: every one with the address, as for the sender, the name standing out.
    """

    picked = Signal(object)
    turned = Signal()

    def __init__(self, pixels: int, *, whole: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(theme.font(pixels))
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setMinimumWidth(40)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.linkActivated.connect(self._on_link)
        self._whole = whole
        self._people: tuple[Address, ...] = ()
        self._count = 0
        self._more = False
        self._what = ""
        self.hide()

    @property
    def unfolded(self) -> bool:
        return self._more

    def show_people(self, people: Sequence[Address], what: str = "") -> None:
        """what: the caption beside it, for those who hear it. Folded, if others were shown."""
        kept = tuple(people[: _MOST + 1])
        if (kept, len(people)) != (self._people, self._count):
            self._more = False
        self._people, self._count = kept, len(people)
        self._what = what
        self._say()

    def again(self) -> None:
        """In the colours of now."""
        self._say()

    def _say(self) -> None:
        self.setVisible(bool(self._people))
        if not self._people:
            self.clear()
            return
        most = _MOST if self._more else _SHOWN
        # One more would take as much room as saying that there is one more.
        shown = _within(self._people[: most if self._count > most + 1 else most + 1])
        rest = self._count - len(shown)
        separator = ", " if len(shown) > 1 else ""
        parts = [self._one(at, each) for at, each in enumerate(shown)]
        words = separator.join(parts)
        accent = theme.current().accent
        link = "<a href='{0}' style='color:{1}; text-decoration:none'>{2}</a>"
        if rest and not self._more:
            count = self.locale().toString(rest)
            words += " " + link.format(_ALL, accent, self.tr("and {n} more").format(n=count))
        elif self._more:
            if rest:
                count = self.locale().toString(rest)
                words += " " + self.tr("and {n} more, see All headers").format(n=count)
            words += " " + link.format(_FEW, accent, self.tr("fewer"))
        # Who comes first does not decide on which side all of them stand.
        side = "rtl" if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else "ltr"
        self.setText(f"<p dir='{side}'>{words}</p>")
        names = ", ".join(str(each) for each in shown)
        self.setAccessibleName(f"{self._what} {names}".strip())

    def _one(self, at: int, person: Address) -> str:
        tokens = theme.current()
        name, address = cut(person.name, _NAME), cut_inside(person.address, _ADDRESS)
        if not name and not address:
            return escaped(self.tr("(unknown sender)") if self._whole else self.tr("(nobody)"))
        first = isolated(escaped(breakable(name or address)))
        second = isolated(escaped(breakable(address))) if name and address else ""
        tone = tokens.text if self._whole else tokens.text2
        weight = "600" if self._whole else "400"
        words = f"<span style='font-weight:{weight}; color:{tone}'>{first}</span>"
        if second and self._whole:
            words += f"&nbsp; <span style='color:{tokens.text2}'>{second}</span>"
        elif second and self._more:
            words += f" <span style='color:{tokens.text3}'>&lt;{second}&gt;</span>"
        return f"<a href='{at}' style='color:{tone}; text-decoration:none'>{words}</a>"

    def _on_link(self, href: str) -> None:
        if href in (_ALL, _FEW):
            self._more = href == _ALL
            self._say()
            self.turned.emit()
        elif href.isdecimal() and int(href) < len(self._people):
            self.picked.emit(self._people[int(href)])


def _within(people: Sequence[Address]) -> Sequence[Address]:
    """As many as can be laid out at once."""
    room = _MOST_CHARS
    for at, each in enumerate(people):
        room -= min(len(each.name), _NAME) + min(len(each.address), _ADDRESS)
        if room < 0:
            return people[: max(1, at)]
    return people
