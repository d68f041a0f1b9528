"""`martlet send --merge FILE.csv`: one letter for each row of a table."""

from __future__ import annotations

import time
from typing import Any

from martlet.cli import output
from martlet.cli.context import Context
from martlet.cli.outbox import one_pass, refusals
from martlet.link.client import Asker
from martlet.link.messages import Merge
from martlet.mail import merge
from martlet.mail.account import Account
from martlet.mail.errors import Refused
from martlet.mail.merge import Problem, Wrong
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, OutboxId, OutboxState
from martlet.mail.sender import sender_of
from martlet.mail.spreadsheet import MOST_BYTES, Table, read_table
from martlet.paths import expanded

_NAMED = 5
_GONE = (OutboxState.SENT, OutboxState.FILED)
_WORDS = {
    Wrong.NO_ADDRESS: "has no address",
    Wrong.BAD_ADDRESS: "{said!r} is not one address",
    Wrong.EMPTY_FIELD: "says nothing for {said}",
    Wrong.DUPLICATE: "{said} stands further up already",
}


def table_in(name: str) -> Table:
    """Raises Refused: it cannot be read."""
    try:
        with expanded(name).open("rb") as file:
            return read_table(file.read(MOST_BYTES + 1))
    except OSError as error:
        why = (error.strerror or "unreadable").lower()
        raise Refused(f"{name} cannot be read: {why}.") from error


def send(
    context: Context, client: Asker, account: Account, draft: Draft, args: Any, delay_s: float
) -> int:
    """Sends, or with --dry-run prints, the letters. Raises Refused: rows have a problem, and
    --leave-out is not given.
    """
    table = table_in(args.merge)
    to = args.address_column or merge.address_column(table.columns, table.rows)
    if to not in table.columns:
        names = ", ".join(table.columns)
        raise Refused(f"No column has the addresses; give --address-column, one of: {names}.")
    me = draft.sender or sender_of(account.every_identity()[0])
    common = moment()
    strange = merge.unknown(draft, table.columns, me, common)
    if strange:
        there = ", ".join(table.columns)
        raise Refused(f"No column is called {', '.join(strange)}; there are {there}.")
    wrong = merge.problems(draft, table.rows, to, me, common)
    if wrong and not args.leave_out:
        named = "; ".join(map(_said, wrong[:_NAMED]))
        more = f"; and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise Refused(f"{named}{more}. --leave-out sends to the others.")
    bad = {one.row for one in wrong}
    rows = [row for at, row in enumerate(table.rows) if at not in bad]
    if args.dry_run:
        _show(context, draft, rows, to, me, common)
        return 0
    letters = client.call(Merge(draft, rows, to, delay_s, args.pace, common))
    trouble = one_pass(client, account)
    return _told(context, letters, len(bad), trouble, later=bool(delay_s or args.pace))


def _told(
    context: Context, letters: list[OutboxId], left_out: int, trouble: str, *, later: bool
) -> int:
    """Says what became of them; 1 if one failed, or waits that was to go now."""
    there = [context.reader.outbox_entry(one) for one in letters]
    states = [one.state for one in there if one is not None]
    gone = sum(1 for one in states if one in _GONE)
    unsure = states.count(OutboxState.UNKNOWN)
    failed = states.count(OutboxState.FAILED)
    for one in there:
        if one is not None and one.state in (OutboxState.FAILED, *_GONE):
            for line in refusals(one):
                output.error(line)
    waiting = len(states) - gone - failed - unsure
    if waiting and not later:
        # A server that did not answer before is not asked again at once
        ours = {one.account_id for one in there if one is not None}
        others = (one.problem for one in context.reader.outbox() if one.account_id in ours)
        why = trouble or next(filter(None, others), "")
        if why:
            output.error(why)
    if context.json:
        said = {"queued": len(letters), "sent": gone, "failed": failed, "unsure": unsure}
        output.objects([{**said, "left_out": left_out, "ids": letters}])
    else:
        line = f"{gone} of {len(letters)} letters are sent."
        if failed:
            line += f" {failed} could not be."
        if unsure:
            line += f" Of {unsure} it is not known; see: martlet outbox list."
        if waiting:
            line += f" {waiting} wait in the outbox"
            line += ", and go out while Martlet runs." if later else "."
        output.say(line)
    return 1 if failed or unsure or (waiting and not later) else 0


def moment() -> dict[str, str]:
    """The variables that say when it is; on the command line without a language of their own."""
    now = time.localtime()
    return {
        "date": time.strftime("%Y-%m-%d", now),
        "time": time.strftime("%H:%M", now),
        "weekday": time.strftime("%A", now),
    }


def _show(
    context: Context,
    draft: Draft,
    rows: list[dict[str, str]],
    to: str,
    me: Address,
    common: dict[str, str],
) -> None:
    letters = [merge.letter(draft, row, to, me, common) for row in rows]
    if context.json:
        output.objects(
            {"to": str(one.to[0]), "subject": one.subject, "text": one.text, "html": one.html}
            for one in letters
        )
        return
    for one in letters:
        for line in (f"To: {one.to[0]}", f"Subject: {one.subject}", ""):
            output.say(line)
        for line in (one.html or one.text).splitlines():
            output.say(line)
        output.say("")
    output.say(f"{len(letters)} {'letter' if len(letters) == 1 else 'letters'}; none was sent.")


def _said(one: Problem) -> str:
    return f"row {one.row + 1} {_WORDS[one.wrong].format(said=one.said)}"
