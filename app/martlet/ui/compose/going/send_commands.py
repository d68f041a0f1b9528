"""The commands of sending: now, later, and what is asked of servers and readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.mail.outgoing import Priority
from martlet.ui.compose.command import Command

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow

Rows = tuple[Command | None, ...]


def _raised(w: ComposeWindow) -> bool:
    return w.top.options.priority in (Priority.HIGH, Priority.HIGHEST)


def _raise(w: ComposeWindow) -> None:
    w.top.asked.set_priority(Priority.NORMAL if _raised(w) else Priority.HIGH)


SEND: Rows = (
    Command("send", "Send", ("Ctrl+Return", "Ctrl+Enter"), "send",
            lambda w: w.sending.start(by_key=True)),
    Command("send.later", "Send later…", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "clock",
            lambda w: w.top.later.showMenu()),
    Command("send.at", "Date and time of sending…", (), "calendar",
            lambda w: w.top.later_menu.ask()),
    Command("send.soon", "Send at once, not later", (), "",
            lambda w: w.top.asked.set_send_at(0.0), possible=lambda w: bool(w.top.send_at)),
)  # fmt: skip

OPTIONS: Rows = (
    Command("priority", "High priority", ("Ctrl+Alt+P",), "priority", _raise, on=_raised),
    Command("receipt", "Ask for a read receipt", ("Ctrl+Alt+R",), "",
            lambda w: w.top.receipt.trigger(), on=lambda w: w.top.options.receipt),
    Command("dsn", "Tell me when it is delivered", (), "", lambda w: w.top.dsn.trigger(),
            on=lambda w: w.top.options.dsn),
    Command("tls", "Only over encrypted connections", (), "",
            lambda w: w.top.require_tls.trigger(), on=lambda w: w.top.options.require_tls),
    None,
    Command("headers", "Extra headers…", (), "source",
            lambda w: w.top.ask_headers()),
)  # fmt: skip
