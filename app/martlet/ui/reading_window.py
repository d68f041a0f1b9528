"""A window that shows one message and no list: of a stored message, or of a file.

What it can do are rows of the commands' table too, done by this window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout

from martlet.link.messages import StopDownloads
from martlet.mail.errors import MailError
from martlet.mail.message import MessageId
from martlet.ui import links, original_colours, pressing, rounds, theme
from martlet.ui.address_menu import pop_up
from martlet.ui.bars import NoticeBar, Toast
from martlet.ui.charset_menu import charset_menu
from martlet.ui.commands import action_of
from martlet.ui.files import Files
from martlet.ui.link import EngineLink
from martlet.ui.looking_inside import LookingInside
from martlet.ui.message_pane import MessagePane
from martlet.ui.printing import Printing
from martlet.ui.room import fit
from martlet.ui.settings import Settings
from martlet.ui.ways import Mode

MORE = (
    "reply.list", "forward.inline", "forward.attached", "", "star", "tags", "",
    "find", "edit", "plain", "simple", "original", "quotes",
    "charset", "", "larger", "smaller", "normal", "", "sender", "print", "pdf", "save", "source",
    "headers", "structure",
)  # fmt: skip
_CLOSE = QKeySequence.StandardKey.Close
Calls = Mapping[str, Callable[[], None]]


class ReadingWindow(QFrame):
    """calls: what else its commands do, by their ids; head: those that are buttons. settings: where
    a choice of colours is kept; None: for this run.
    """

    def __init__(
        self,
        link: EngineLink,
        message: MessageId,
        calls: Calls,
        head: Sequence[str] = (),
        settings: Settings | None = None,
    ) -> None:
        super().__init__()
        self._settings = settings
        self.setObjectName("messagePane")
        self.setWindowIcon(theme.application_icon())
        self.message = message
        known = {**self._calls(), **calls}
        self.actions_by_id = {each: action_of(each, self, call) for each, call in known.items()}
        more = QMenu(self)
        _fill(more, [each for each in MORE if not each or each in known], self.actions_by_id)
        self.pane = MessagePane(link, [self.actions_by_id[each] for each in head], more)
        self.notice = NoticeBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.pane)
        self.toast = Toast(self, self.pane.attachments)
        self.files = Files(link, self, self.toast.say)
        self.inside = LookingInside(link, self, self.files)
        self.printing = Printing(link, self)
        self._connect(link)
        close = QShortcut(self)
        usual = [each.toString() for each in QKeySequence.keyBindings(_CLOSE)]
        # Not everywhere is it among those of the platform.
        close.setKeys([QKeySequence(each) for each in dict.fromkeys([*usual, "Ctrl+W"])])
        close.activated.connect(self.close)
        fit(self, 900, 760)

    def event(self, event: QEvent) -> bool:
        return pressing.press(event) or super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.inside.close_all()
        super().closeEvent(event)

    def leave(self) -> None:
        """Ends the search in the message, or closes the window."""
        if not self.pane.stop_finding():
            self.close()

    def mailto(self, url: QUrl) -> None:
        """A mailto link was followed; a window of a file has nothing to write with."""

    def show_error(self, error: MailError) -> None:
        self.notice.say(error.summary, error.detail)

    @property
    def subject(self) -> str:
        shown = self.pane.rendered
        return shown.envelope.subject if shown is not None else ""

    @property
    def part(self) -> str:
        """The section of the attached message that is shown, "" for the message itself."""
        return self.pane.way.view.part

    def _calls(self) -> dict[str, Callable[[], None]]:
        """What any of them can do."""
        return {
            "back": self.leave,
            "find": lambda: self.pane.begin_finding(),
            "plain": lambda: self.pane.toggle_plain(),
            "simple": lambda: self.pane.toggle_mode(Mode.SIMPLE),
            "original": lambda: original_colours.turn(self.pane, self.toast.say),
            "quotes": self._quotes,
            "print": lambda: self.printing.ask(self.pane),
            "pdf": lambda: self.printing.ask_file(self.pane),
            "larger": lambda: self.pane.zoom(1),
            "smaller": lambda: self.pane.zoom(-1),
            "normal": lambda: self.pane.zoom(0),
            "charset": self._charset,
            "dark": self._toggle_dark,
            "next.pane": lambda: rounds.go(rounds.of_message(self.pane), 1),
            "last.pane": lambda: rounds.go(rounds.of_message(self.pane), -1),
            "save": lambda: self.inside.save(self.message, self.subject, self.part),
            "source": lambda: self.inside.source(self.message, self.subject, self.part),
            "headers": lambda: self.inside.headers(self.message, self.subject, self.pane.rendered),
            "structure": lambda: self.inside.structure(self.message, self.subject, self.part),
        }

    def _stop(self, link: EngineLink) -> None:
        """What is on its way is not wanted any more."""
        self.files.stop()
        self.pane.stop_fetching()
        link.ask(StopDownloads(), lambda _none: None)

    def _connect(self, link: EngineLink) -> None:
        top = self.pane.top
        self.files.serve(self.pane.attachments, lambda: self.message)
        self.files.began.connect(self.pane.fetch_began)
        self.files.ended.connect(self.pane.fetch_ended)
        self.pane.attachments.stop_wanted.connect(lambda: self._stop(link))
        top.open_wanted.connect(lambda each: self.files.open(self.message, each))
        top.save_wanted.connect(lambda each: self.files.save(self.message, [each]))
        top.source_wanted.connect(self.actions_by_id["source"].trigger)
        top.said.connect(self.toast.say)
        self.pane.link_clicked.connect(self._follow)
        link.notice.connect(self.show_error)
        self.printing.written.connect(self._on_written)
        self.printing.failed.connect(self.show_error)

    def _follow(self, url: QUrl) -> None:
        shown = self.pane.rendered
        links.follow(self, url, self.mailto, shown.links if shown is not None else ())

    def _quotes(self) -> None:
        if not self.pane.toggle_quotes():
            self.toast.say(self.tr("There is no quote to fold in this message."))

    def _toggle_dark(self) -> None:
        """From then on, whatever the system says."""
        scheme = "light" if theme.current().dark else "dark"
        if self._settings is not None:
            self._settings.put(colours=scheme)
        theme.choose(scheme)

    def _on_written(self, path: str) -> None:
        self.toast.say(self.tr("Saved {path}").format(path=path))

    def _charset(self) -> None:
        shown = self.pane.rendered
        if shown is not None:
            pane = self.pane
            menu = charset_menu(
                self,
                pane.way.view.charset,
                shown.charset,
                lambda name: pane.set_view(replace(pane.way.view, charset=name)),
            )
            pop_up(menu, pane)


def _fill(menu: QMenu, ids: Sequence[str], actions: Mapping[str, QAction]) -> None:
    """No line stands first, last, or below another."""
    after = ""
    for each in ids:
        if each and after == "line":
            menu.addSeparator()
        if each:
            menu.addAction(actions[each])
            after = each
        elif after:
            after = "line"
