"""Whether a letter can be the pattern of a mail merge as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.ui.compose import busy
from martlet.ui.compose.going import checks

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow


def hindered(window: ComposeWindow) -> str:
    """Why it cannot, in one sentence; "" when nothing is in the way.

    Its rows say whom it goes to, so that nobody need stand in it, and a field may.
    """
    reason = window.busy.reason
    if reason is not None:
        return busy.sentence(reason)
    draft = window.draft()
    for check in checks.CHECKS:
        if check is checks.nobody:
            continue
        if check is checks.wrong_address and all("{{" in each for each in window.header.wrong()):
            continue
        question = check(window, draft)
        if question is not None and question.must:
            return question.sentence
    return ""
