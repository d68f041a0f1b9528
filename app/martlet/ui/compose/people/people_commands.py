"""Commands about whom a letter goes to."""

from __future__ import annotations

from martlet.ui.compose.command import Command

PEOPLE: tuple[Command | None, ...] = (
    Command("cc", "Line for copies (Cc)", (), "", lambda w: w.header.reveal(w.header.cc)),
    Command(
        "bcc", "Line for hidden copies (Bcc)", (), "", lambda w: w.header.reveal(w.header.bcc)
    ),
    Command(
        "reply_to", "Answers go elsewhere (Reply-To)", (), "",
        lambda w: w.header.reveal(w.header.reply_to),
    ),
    Command("groups", "Groups…", (), "account", lambda w: w.groups.show()),
    Command("keep_group", "Keep these recipients as a group…", (), "", lambda w: w.groups.keep()),
)  # fmt: skip
