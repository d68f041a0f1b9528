"""A delivery report or read receipt. Which message it is about stands in the ledger's line."""

from __future__ import annotations

from martlet.mail.report import Report
from martlet.ui.cards import report_words
from martlet.ui.cards.card import Card

_MOST = 8


class ReportCard(Card):
    """Who, what happened, why, what to do; the servers' own words folded."""

    def __init__(self, report: Report) -> None:
        symbol, colour = report_words.symbol(report)
        super().__init__(symbol, report_words.heading(report), colour)
        told = report_words.lines(report.fates)
        for line in told[:_MOST]:
            self.say(line)
        if len(told) > _MOST:
            self.say(self.tr("… and {n} more").format(n=len(told) - _MOST), "third")
        if not report.certain:
            self.say(
                self.tr("It is not written as reports should be, so this is guessed."), "third"
            )
        advice = report_words.advice(report)
        if advice:
            self.say(advice, "")
        self.fold(self.tr("What the servers said"), report_words.technical(report))
