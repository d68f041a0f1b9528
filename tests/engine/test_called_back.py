"""A letter that is called back before its sending was answered: it is a draft again, or never
comes; it is never twice, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import pytest

from martlet.engine.events import Announcer
from martlet.engine.secrets import Secrets
from martlet.engine.send_worker import SendDriver
from martlet.mail.account import WorkerState
from martlet.mail.changes import Change, OutboxChanged, StateChanged
from martlet.mail.errors import Refused, StoreError
from martlet.mail.outgoing import Draft, DraftId, OutboxState
from martlet.store import outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.reader import Reader
from support.draft_side import BEA
from support.letter_desk import LetterDesk
from support.vaults import DictVault


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LetterDesk]:
    with LetterDesk(tmp_path) as made:
        yield made


def letter(desk: LetterDesk, key: str = "k" * 24) -> Draft:
    return Draft(DraftId(0), desk.account, to=(BEA,), subject="Plan", text="one", key=key)


def test_one_that_was_queued_is_a_draft_again(desk: LetterDesk) -> None:
    desk.engine.send(letter(desk), 10.0, "ticket")
    number = desk.engine.call_back("ticket", "k" * 24)
    assert desk.reader.outbox() == []
    (draft,) = desk.reader.drafts()
    assert (draft.id, draft.text, draft.key) == (number, "one", "k" * 24)


def test_one_that_comes_later_is_refused_and_its_draft_stays(desk: LetterDesk) -> None:
    desk.engine.save_draft(letter(desk))
    assert desk.engine.call_back("ticket", "k" * 24) == 0
    with pytest.raises(Refused, match="taken back"):
        desk.engine.send(letter(desk), 0.0, "ticket")
    assert desk.reader.outbox() == []
    assert [draft.text for draft in desk.reader.drafts()] == ["one"]


def test_sent_again_it_goes(desk: LetterDesk) -> None:
    desk.engine.call_back("ticket", "k" * 24)
    with pytest.raises(Refused):
        desk.engine.send(letter(desk), 0.0, "ticket")
    desk.engine.send(letter(desk), 9.0, "another")
    assert len(desk.reader.outbox()) == 1
    assert desk.reader.drafts() == []


def test_one_without_a_ticket_is_called_back_by_nobody(desk: LetterDesk) -> None:
    desk.engine.call_back("", "")
    desk.engine.send(letter(desk, ""), 9.0)
    assert len(desk.reader.outbox()) == 1


def test_one_on_its_way_cannot_be_called_back(desk: LetterDesk) -> None:
    number = desk.engine.send(letter(desk), 9.0, "ticket")
    with Database(desk.root).write() as tx:
        outbox.set_state(tx, number, OutboxState.SENDING)
    with pytest.raises(Refused, match="on its way already"):
        desk.engine.call_back("ticket", "k" * 24)
    assert len(desk.reader.outbox()) == 1
    assert desk.reader.drafts() == []


def test_what_was_undone_while_no_engine_was_there_is_heard_before_letters_go(
    tmp_path: Path,
) -> None:
    with LetterDesk(tmp_path) as desk:
        number = desk.engine.send(letter(desk), 0.0)
    with LetterDesk(tmp_path) as desk:
        ready = Event()

        def hear(change: Change) -> None:
            if isinstance(change, StateChanged) and change.state.state is WorkerState.IDLE:
                ready.set()

        desk.engine.listen(hear)
        desk.engine.start()
        assert ready.wait(20)
        (entry,) = desk.reader.outbox()
        assert (entry.state, entry.attempts, entry.problem) == (OutboxState.QUEUED, 0, "")
        desk.engine.outbox_cancel(number)
        assert [draft.text for draft in desk.reader.drafts()] == ["one"]


@contextmanager
def sender(tmp_path: Path, seconds: list[float]) -> Iterator[SendDriver]:
    """Of the profile's only account; its clock is what stands first in `seconds`."""
    with closing(Reader(tmp_path)) as reader:
        account = reader.accounts()[0]
    assert account.outgoing is not None
    with closing(Database(tmp_path)) as database, closing(Blobs(tmp_path)) as blobs:
        yield SendDriver(
            account,
            account.outgoing,
            database,
            blobs,
            Secrets(tmp_path, DictVault()),
            Announcer(),
            clock=lambda: seconds[0],
            sent=lambda _account: None,
        )


def test_one_that_is_due_a_moment_after_the_start_waits_for_that_too(tmp_path: Path) -> None:
    with LetterDesk(tmp_path) as desk:
        desk.engine.send(letter(desk), 10.0)
    now = [1_700_000_009.5]
    with sender(tmp_path, now) as driver, closing(Reader(tmp_path)) as reader:
        driver.work()
        now[0] += 1
        driver.work()
        assert [entry.attempts for entry in reader.outbox()] == [0]
        # Its time is over.
        driver.stopping.set()
        driver.wait()
        driver.stopping.clear()
        driver.work()
        assert [entry.attempts for entry in reader.outbox()] == [1]


def test_who_asks_for_a_pass_gets_it_though_letters_wait(tmp_path: Path) -> None:
    with LetterDesk(tmp_path) as desk:
        desk.engine.send(letter(desk), 0.0)
    with sender(tmp_path, [1_700_000_009.5]) as driver, closing(Reader(tmp_path)) as reader:
        driver.work()
        asked = driver.flush()
        driver.wait()
        assert not asked.done()
        driver.work()
        assert asked.done()
        assert [entry.attempts for entry in reader.outbox()] == [1]


def test_a_store_that_cannot_be_read_is_told_to_who_asked(tmp_path: Path) -> None:
    with LetterDesk(tmp_path) as desk:
        desk.engine.send(letter(desk), 0.0)
    with sender(tmp_path, [1_700_000_009.5]) as driver:
        asked = driver.flush()
        for file in tmp_path.glob("martlet.db*"):
            with file.open("r+b") as damaged:
                damaged.write(b"x" * file.stat().st_size)
        with pytest.raises(StoreError) as refused:
            driver.work()
        driver.failed(refused.value)
        assert asked.exception(0) is refused.value


def test_letters_of_an_earlier_start_go_all_the_same(tmp_path: Path) -> None:
    with LetterDesk(tmp_path) as desk:
        desk.engine.send(letter(desk), 0.0)
    with LetterDesk(tmp_path) as desk:
        tried = Event()

        def hear(change: Change) -> None:
            if isinstance(change, OutboxChanged):
                tried.set()

        desk.engine.listen(hear)
        desk.engine.start()
        while not desk.reader.outbox()[0].attempts:
            assert tried.wait(20)
            tried.clear()
