"""What is looked at before a letter goes: each check answers None or a question to its writer.

A new check is a function and its place in CHECKS; the questions are shown in that order. What
cannot be sent at all comes first and is not asked but said (`Question.must`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from martlet.mail import merge, variables
from martlet.mail.address_key import address_key
from martlet.mail.letter import promise
from martlet.mail.outgoing import Draft, DraftKind
from martlet.mail.recipients import MOST, MOST_SHOWN
from martlet.mail.registrable import below, same_site
from martlet.mail.slips import suggestion
from martlet.ui.compose.people import answering

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow

_NAMED = 3  # addresses that stand in a sentence
_LOOKED_AT = 500  # recipients that slips are looked for in


@dataclass(frozen=True, slots=True)
class Question:
    """must: it cannot be sent as it is; the sentence says why.

    remedy: the words of a button that mends it, and what it does; the letter stays open then.
    """

    sentence: str
    more: str = ""
    remedy: str = ""
    mend: Callable[[], None] | None = None
    must: bool = False


Check = Callable[["ComposeWindow", Draft], Question | None]


def asked(window: ComposeWindow, draft: Draft) -> list[Question]:
    """Everything there is to ask; of what forbids sending only the first."""
    found: list[Question] = []
    for check in CHECKS:
        question = check(window, draft)
        if question is not None and question.must:
            return [question]
        if question is not None:
            found.append(question)
    return found


# What forbids sending


def no_account(window: ComposeWindow, draft: Draft) -> Question | None:
    if window.header.account is not None:
        return None
    return Question(
        _tr("No account can send mail. Add an account with a server for sending."), must=True
    )


def wrong_sender(window: ComposeWindow, draft: Draft) -> Question | None:
    header = window.header
    header.writer.take_typed()
    return Question(header.hint.words, must=True) if header.writer.wrong else None


def wrong_address(window: ComposeWindow, draft: Draft) -> Question | None:
    wrong = window.header.wrong()
    if not wrong:
        return None
    if len(wrong) > 1:
        words = _tr("{n} recipients cannot be addresses, “{text}” first. Correct them or take"
                    " them out.")  # fmt: skip
        return Question(words.format(n=_n(window, len(wrong)), text=wrong[0]), must=True)
    words = _tr("“{text}” cannot be an address. Correct or remove it.")
    return Question(words.format(text=wrong[0]), must=True)


def nobody(window: ComposeWindow, draft: Draft) -> Question | None:
    if window.header.anyone():
        return None
    window.header.to.setFocus()
    return Question(_tr("Say to whom this goes: enter at least one recipient."), must=True)


def too_many(window: ComposeWindow, draft: Draft) -> Question | None:
    shown = len(draft.to) + len(draft.cc)
    count = shown + len(draft.bcc)
    if count > MOST:
        words = _tr("A letter can go to at most {most} people at once, and this one names {n}: send"
                    " it in several letters, or ask for a mailing list.")  # fmt: skip
        said = words.format(most=_n(window, MOST), n=_n(window, count))
        return Question(said, must=True)
    if shown > MOST_SHOWN:
        words = _tr("Servers cut off a head in which {n} people stand. Move them to Bcc: up to"
                    " {most} can stand in To and Cc.")  # fmt: skip
        said = words.format(most=_n(window, MOST_SHOWN), n=_n(window, shown))
        return Question(said, must=True)
    return None


def too_large(window: ComposeWindow, draft: Draft) -> Question | None:
    refusal, sure = window.luggage.weight.refusal(draft)
    return Question(refusal, must=sure) if refusal else None


# What is asked


def slips(window: ComposeWindow, draft: Draft) -> Question | None:
    people = (*draft.to, *draft.cc, *draft.bcc)[:_LOOKED_AT]
    meant = {p.address: s for p in people if (s := suggestion(p.address))}
    if not meant:
        return None
    typed, better = next(iter(meant.items()))
    words = _tr("Is “{domain}” right?").format(domain=typed.rpartition("@")[2])
    more = _tr("{typed} was perhaps meant to be {better}.").format(typed=typed, better=better)
    remedy = _tr("Correct it") if len(meant) == 1 else _tr("Correct all {n}")
    return Question(words, more, remedy.format(n=len(meant)), lambda: window.header.correct(meant))


def not_fetched(window: ComposeWindow, draft: Draft) -> Question | None:
    count = len(window.pasted_pictures.left())
    if not count:
        return None
    words = _tr("Send without a picture?")
    if count > 1:
        words = _tr("Send without {n} pictures?").format(n=_n(window, count))
    return Question(
        words,
        _tr("It is on the internet and was not fetched. Only the words for it are sent.")
        if count == 1
        else _tr(
            "They are on the internet and were not fetched. Only the words for them are sent."
        ),
        _tr("Fetch and put in"),
        window.pasted_pictures.fetch_left,
    )


def no_subject(window: ComposeWindow, draft: Draft) -> Question | None:
    if draft.subject:
        return None
    return Question(
        _tr("Send without a subject?"),
        _tr("A subject helps people to find this letter again."),
        _tr("Add a subject"),
        window.header.subject.setFocus,
    )


def empty(window: ComposeWindow, draft: Draft) -> Question | None:
    if draft.parts or draft.original or draft.text.strip() or window.editor.text().strip():
        return None
    return Question(
        _tr("Send an empty letter?"),
        _tr("Nothing is written in it and nothing is attached."),
        _tr("Write something"),
        window.editor.setFocus,
    )


def forgotten(window: ComposeWindow, draft: Draft) -> Question | None:
    """Not asked about once it was denied in the line below the letter."""
    if draft.parts or not window.habits.remind or window.reminder.denied:
        return None
    word = promise(f"{draft.subject}\n{draft.text}")
    if not word:
        return None
    words = _tr("Your letter speaks of an attachment (“{word}”), but nothing is attached.")
    return Question(
        _tr("Did you forget the attachment?"),
        words.format(word=word),
        _tr("Attach a file…"),
        window.attach,
    )


def many(window: ComposeWindow, draft: Draft) -> Question | None:
    count = len(draft.to) + len(draft.cc)
    most = window.habits.many
    if not most or count <= most:
        return None
    if draft.kind is DraftKind.REPLY and draft.to:
        words = _tr("Does your answer concern all {n} people?").format(n=_n(window, count))
        more = _tr("Everybody in To and Cc gets it.")
        return Question(words, more, _tr("Answer the sender only"), window.header.keep_first)
    words = _tr("Should all {n} people see each other’s addresses?")
    more = _tr("Those in Bcc are seen by nobody else.")
    return Question(
        words.format(n=_n(window, count)), more, _tr("Move to Bcc"), window.header.hide_all
    )


def answers_elsewhere(window: ComposeWindow, draft: Draft) -> Question | None:
    """Reply-To of one's own that points to a stranger's domain."""
    sender = window.header.writer.chosen
    if sender is None or not draft.reply_to:
        return None
    own = sender.address.address
    away = [a.address for a in draft.reply_to if not _same_domain(a.address, own)]
    if not away:
        return None
    words = _tr("Answers will go to {address}, not to you.").format(address=_few(away))
    more = _tr("You write from {address}.").format(address=own)
    return Question(words, more, _tr("Change Reply-To"), window.header.edit_reply_to)


def goes_elsewhere(window: ComposeWindow, draft: Draft) -> Question | None:
    """An answer to whom the sender of the letter named, who is somebody else."""
    found = window.header.detour
    if found is None or not answering.still_goes(found, draft):
        return None
    if _same_domain(found.goes_to.address, found.wrote.address):
        return None
    words = _tr("Your answer goes to {other}, not to {writer} who wrote.")
    return Question(
        words.format(other=found.goes_to.address, writer=found.wrote.address),
        _tr("The letter asked for that. Swindlers do so, too."),
        _tr("Answer the writer"),
        window.header.answer_writer,
    )


def outside(window: ComposeWindow, draft: Draft) -> Question | None:
    own = [each.lstrip("@") for each in window.habits.own_domains.replace(",", " ").split()]
    if not own:
        return None
    people = [p.address for p in (*draft.to, *draft.cc, *draft.bcc)]
    out = [each for each in people if not any(below(each.rpartition("@")[2], d) for d in own)]
    if not out or len(out) == len(people):
        return None
    words = _tr("This goes to people outside, too: {addresses}").format(addresses=_few(out))
    return Question(
        words,
        _tr("Others who get it are of {domains}.").format(domains=", ".join(own)),
        _tr("Take them out"),
        lambda: window.header.take_out(out),
    )


def unfilled(window: ComposeWindow, draft: Draft) -> Question | None:
    """Variables that still stand in the writer's own words."""
    there = merge.fields_of(draft)
    if not there:
        return None
    values = window.kept.values()
    missing = variables.unfilled(there, values)
    unknown = {variables.key(one.name) for one in missing}
    known = [one for one in there if variables.key(one.name) not in unknown]
    named = _few(list(dict.fromkeys(one.written for one in there)))
    words = _tr("Not filled in yet: {fields}.")
    return Question(
        words.format(fields=named),
        _tr("Nothing is known for {fields}.").format(fields=_few([one.written for one in missing]))
        if missing
        else "",
        _tr("Fill in") if known else "",
        window.kept.fill if known else None,
    )


CHECKS: tuple[Check, ...] = (
    no_account, wrong_sender, wrong_address, nobody, too_many,
    too_large,
    slips, no_subject, empty, not_fetched, unfilled, forgotten, many, outside, goes_elsewhere,
    answers_elsewhere,
)  # fmt: skip


def _same_domain(one: str, other: str) -> bool:
    if address_key(one) == address_key(other):
        return True
    return same_site(one.rpartition("@")[2], other.rpartition("@")[2])


def _few(addresses: list[str]) -> str:
    rest = len(addresses) - _NAMED
    named = ", ".join(addresses[:_NAMED])
    return f"{named} +{rest}" if rest > 0 else named


def _n(window: ComposeWindow, number: int) -> str:
    return window.locale().toString(number)


def _tr(words: str) -> str:
    return QCoreApplication.translate("checks", words)
