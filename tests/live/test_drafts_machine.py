"""Letters are written here and elsewhere, lines are cut, engines restart, a server keeps nothing of
what it takes: each living text is there once in the end, no dead one is there at all.

On the way no living text is nowhere, and a letter that a server has never goes from it while
another version of it is put there.

MARTLET_DRAFT_EXAMPLES says how many lives are lived.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from martlet.demo.mailbox import Letter
from martlet.mail.errors import Refused
from martlet.mail.message import DELETED, DRAFT, SEEN, MessageRow
from martlet.mail.outgoing import DraftId, OutboxId
from support.awkward import USUAL, Call, HangUp, Tamper, behave
from support.draft_side import WITHOUT_UIDPLUS, Side, keys, texts, with_drafts

EXAMPLES = int(os.environ.get("MARTLET_DRAFT_EXAMPLES", "25"))
STEPS = 22
PICK = st.integers(0, 10**6)
WITHOUT_ALL = re.sub(" (UIDPLUS|MOVE|LIST-STATUS)", "", USUAL)


class Drafts(RuleBasedStateMachine):
    """ours: the text of each letter that lives here. theirs: texts other programs wrote.

    maybe: texts taken away elsewhere; what was under way meanwhile may have brought them back.
    foreign: texts others wrote under our fields. trashed: texts on their way to Trash, which are
    put into Drafts again if the server has lost them meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.ours: dict[DraftId, str] = {}
        self.theirs: set[str] = set()
        self.maybe: set[str] = set()
        self.foreign: set[str] = set()
        self.trashed: set[str] = set()
        self.renumbered = False
        self.on_server: set[bytes] = set()
        self.gone: list[bytes] = []
        self.lies = 0
        self.sent: list[tuple[OutboxId, str]] = []
        self.root = Path()

    @initialize(capabilities=st.sampled_from([USUAL, WITHOUT_UIDPLUS, WITHOUT_ALL]))
    def begin(self, capabilities: str) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="martlet-drafts-"))
        self.server = with_drafts(capabilities)
        self.server.__enter__()
        self.side = Side(self.root, self.server)

    def teardown(self) -> None:
        if self.root == Path():
            return
        try:
            self.at_rest()
        finally:
            self.side.here.close()
            self.server.__exit__(None, None, None)
            shutil.rmtree(self.root, ignore_errors=True)

    def _rows(self) -> list[MessageRow]:
        """In an order that no clock has a say in: a life is to be lived again just so."""
        return sorted(self.side.rows(), key=lambda row: row.id)

    def _text(self) -> str:
        self.count += 1
        return f"text {self.count}"

    # --- here

    @rule(closed=st.booleans(), subject=st.sampled_from(["Plan", "Other", ""]))
    def write(self, closed: bool, subject: str) -> None:
        text = self._text()
        self.ours[self.side.write(text, closed=closed, subject=subject)] = text

    @precondition(lambda self: self.ours)
    @rule(pick=PICK, closed=st.booleans())
    def change(self, pick: int, closed: bool) -> None:
        letter = self._ours(pick)
        if letter is not None:
            self.ours[letter] = self._text()
            self.side.change(letter, self.ours[letter], closed=closed)

    @precondition(lambda self: self.ours)
    @rule(pick=PICK)
    def close(self, pick: int) -> None:
        letter = self._ours(pick)
        if letter is not None:
            self.side.here.engine.close_draft(letter)

    @rule(pick=PICK)
    def open(self, pick: int) -> None:
        rows = self._rows()
        if rows:
            try:
                draft = self.side.here.engine.open_draft(rows[pick % len(rows)].id)
            except Refused:
                # Nobody knows its number any more, until the folder is compared.
                assert self.renumbered
                return
            text = draft.text.strip()
            if draft.id not in self.ours and text not in self.maybe:
                self.ours[draft.id] = text
                self.theirs.discard(text)

    @precondition(lambda self: self.ours)
    @rule(pick=PICK, discard=st.booleans())
    def end(self, pick: int, discard: bool) -> None:
        letter = self._ours(pick)
        if letter is None:
            return
        text = self.ours.pop(letter)
        if discard:
            self.side.here.engine.discard_draft(letter)
        else:
            outbox = self.side.here.engine.send(self.side.draft(letter), 9999.0)
            self.sent.append((outbox, text))

    @precondition(lambda self: self.sent)
    @rule()
    def take_back(self) -> None:
        outbox, text = self.sent.pop()
        draft = self.side.here.engine.outbox_cancel(outbox)
        self.ours[draft] = text
        self.maybe.discard(text)

    @rule(pick=PICK, permanently=st.booleans())
    def delete_row(self, pick: int, permanently: bool) -> None:
        rows = self._rows()
        if not rows:
            return
        row = rows[pick % len(rows)]
        known = self.side.here.reader.draft_shown_in(row.id)
        standing = self.side.here.reader.draft_standing(known) if known else None
        if standing is not None and not standing.wanted and standing.held == 0 and known:
            text = self.side.draft(known).text.strip()
            self.side.here.engine.delete([row.id], permanently)
            self.theirs.discard(text)
            if self.ours.pop(known, ""):
                self.maybe.discard(text)
            if not permanently:
                self.trashed.add(text)

    # --- there

    @rule(pick=PICK, own_name=st.booleans(), our_fields=st.booleans())
    def edit_there(self, pick: int, own_name: bool, our_fields: bool) -> None:
        letter = self._there(pick)
        if letter is None:
            return
        text, old = self._text(), _body(letter)
        if not own_name:
            # Messages alike in name and size are one and the same where numbers change.
            text += "+" * self.count
        self._take_there(letter)
        self.theirs.discard(old)
        self.theirs.add(text)
        head = letter.raw.partition(b"\r\n\r\n")[0]
        if own_name:
            head = re.sub(rb"Message-ID: .*", b"Message-ID: <%d@there>\r" % self.count, head)
        if our_fields:
            self.foreign.add(text)
        else:
            head = re.sub(rb"(?s)X-Martlet-Draft-I.*?(?=Date:)", b"", head)
        self.server.put("Drafts", head + b"\r\n\r\n" + text.encode() + b"\r\n", [DRAFT, SEEN])

    @rule(pick=PICK)
    def delete_there(self, pick: int) -> None:
        letter = self._there(pick)
        if letter is not None:
            self._take_there(letter)
            self.theirs.discard(_body(letter))

    @rule()
    def another_uidvalidity(self) -> None:
        self.server.folder("Drafts").uid_validity += 1
        self.renumbered = True

    def _take_there(self, letter: Letter) -> None:
        text = _body(letter)
        self.maybe.add(text)
        for known in [one for one, words in self.ours.items() if words == text]:
            # Whether it lives depends on what is done to it before we hear of this.
            self.ours.pop(known)
        self.server.mailbox.remove(self.server.folder("Drafts"), [letter])

    def _there(self, pick: int) -> Letter | None:
        letters = [x for x in self.server.folder("Drafts").letters if DELETED not in x.flags]
        return letters[pick % len(letters)] if letters else None

    # --- between

    @rule()
    def sync(self) -> None:
        self._sync(behave)

    @rule(
        name=st.sampled_from(
            ["APPEND", "UID STORE", "UID EXPUNGE", "SELECT", "UID FETCH", "UID SEARCH", "STATUS"]
        ),
        done=st.booleans(),
        restart=st.booleans(),
    )
    def cut_off_sync(self, name: str, done: bool, restart: bool) -> None:
        self._sync(cutting(name, done=done))
        if restart:
            self.side.here.restart()

    @rule()
    def refused_sync(self) -> None:
        self._sync(refusing)

    @rule(tamper=st.sampled_from(["refused", "cut before", "cut after"]), more=st.booleans())
    def replace_over_a_bad_line(self, tamper: str, more: bool) -> None:
        """What the others come upon seldom: one version is there, and the next comes by half."""
        self.write(closed=True, subject="Plan")
        letter = list(self.ours)[-1]
        self._sync(behave)
        for step in range(1 + more):
            if letter in self._ours_here():
                self.ours[letter] = self._text()
                self.side.change(letter, self.ours[letter])
            if not step:
                self._sync(
                    refusing if tamper == "refused" else cutting("APPEND", done="after" in tamper)
                )

    @rule(says_where=st.booleans())
    def sync_that_keeps_nothing(self, says_where: bool) -> None:
        def tamper(call: Call) -> bytes:
            if call.name != "APPEND":
                return call.run()
            if not says_where:
                return call.ok()
            self.lies += 1
            where = b"%d %d" % (self.server.folder("Drafts").uid_validity, 10_000 + self.lies)
            return call.tag + b" OK [APPENDUID " + where + b"] done\r\n"

        self._sync(tamper)
        self.maybe |= self.trashed
        # What was there has gone for what the server said it had: it is here.
        self.on_server.clear()
        self.gone.clear()

    def _sync(self, tamper: Tamper) -> None:
        living = {self.side.draft(one).key.encode() for one in self._ours_here()}

        def watched(call: Call) -> bytes:
            try:
                return tamper(call)
            finally:
                there = self._keys_there()
                self.gone += self.on_server & living - there
                self.on_server |= there & living

        self.on_server = self._keys_there() & living
        self.server.tamper = watched
        self.side.here.sync()
        assert self.side.here.still.wait(30)
        self.server.tamper = behave
        if self.renumbered:
            # What was to go to Trash was found by its name and size, which others kept.
            moved = self.theirs & self.foreign & set(texts(self.server, "Trash"))
            self.theirs -= moved
            self.maybe |= moved

    def _keys_there(self) -> set[bytes]:
        """Of the letters a version of which lies on the server, as it was written here."""
        return set(keys(self.server, self.foreign))

    @invariant()
    def nothing_is_nowhere(self) -> None:
        if self.root == Path():
            return
        assert not self.gone, self.side.here.said()
        here = {draft.text.strip() for draft in self.side.here.reader.drafts()}
        for text in {*self.ours.values(), *self.theirs}:
            assert text in here or text in texts(self.server), (text, self.side.here.said())

    @rule()
    def restart(self) -> None:
        self.side.here.restart()

    @rule()
    def at_rest(self) -> None:
        for _ in range(4):
            # Which has them looked at too, as a running engine does by itself.
            for letter in [draft.id for draft in self.side.here.reader.drafts()]:
                self.side.here.engine.close_draft(letter)
            self.side.here.sync()
            assert self.side.here.still.wait(30)
        there, here = Counter(texts(self.server)), Counter(self.side.texts_here())
        assert here == there, self.side.here.said()
        own = Counter(self.ours.values())
        living = {*own, *self.theirs}
        for text in living:
            assert there[text] >= 1, (text, there, self.side.here.said())
        for text, number in there.items():
            # What a try has left may have been opened before that was known: a letter of its own.
            assert number <= max(1, own[text]), (text, there)
            assert text in living or text in self.maybe, (text, there, self.side.here.said())
        assert self.side.here.pending() == 0
        assert self.side.here.reader.drafts_only_here() == []

    def _ours(self, pick: int) -> DraftId | None:
        """A letter that is here; one that went because others took it away is not."""
        found = self._ours_here()
        return found[pick % len(found)] if found else None

    def _ours_here(self) -> list[DraftId]:
        return [one for one in self.ours if self.side.here.reader.draft(one) is not None]


def refusing(call: Call) -> bytes:
    return call.no("[OVERQUOTA] full") if call.name == "APPEND" else call.run()


def cutting(name: str, *, done: bool) -> Tamper:
    """The line is lost at each such command: once the server has done it, or before."""

    def tamper(call: Call) -> bytes:
        if call.name == name:
            if done:
                call.run()
            raise HangUp
        return call.run()

    return tamper


def _body(letter: Letter) -> str:
    return letter.raw.partition(b"\r\n\r\n")[2].decode().strip()


TestDrafts = Drafts.TestCase
TestDrafts.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
