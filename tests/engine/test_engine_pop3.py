"""POP3 passes against maildrops with the ways of odd servers: what comes, stays and goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.jobs import Priority, TransferJob
from martlet.mail.account import Protocol
from martlet.mail.changes import Change, Progress, Unit
from martlet.mail.errors import BadServer, Offline, Refused
from martlet.mail.folder import Role
from martlet.store import folders, journal
from support.pop3_here import Pop3Here, letter
from support.pop3_maildrop import CAPABILITIES, Fault, Maildrop
from support.scripted import Scripted

DAY_S = 86_400.0


@pytest.fixture
def drop() -> Maildrop:
    return Maildrop([letter(n) for n in range(1, 5)])


@pytest.fixture
def server(drop: Maildrop) -> Iterator[Scripted]:
    with Scripted(drop.talk()) as running:
        yield running


@pytest.fixture
def here(tmp_path: Path, server: Scripted) -> Iterator[Pop3Here]:
    with Pop3Here(tmp_path, server.account(Protocol.POP3)) as made:
        yield made


def asked(drop: Maildrop, word: str) -> list[str]:
    return [line for line in drop.heard if line.startswith(word)]


# --- what stays on the server


def test_mail_stays_there_and_comes_once(drop: Maildrop, here: Pop3Here) -> None:
    assert here.pass_over() == 4
    assert here.pass_over() == 0
    assert len(asked(drop, "RETR")) == 4
    assert len(drop.letters) == 4
    assert asked(drop, "DELE") == []


def test_mail_goes_after_its_days(drop: Maildrop, here: Pop3Here) -> None:
    here.change(leave_days=14)
    here.pass_over()
    here.now += 13 * DAY_S
    drop.letters["late"] = letter(9)
    here.pass_over()
    assert len(drop.letters) == 5
    here.now += 2 * DAY_S
    here.pass_over()
    assert list(drop.letters) == ["late"]
    assert here.subjects() == ["1", "2", "3", "4", "9"]


def test_only_the_newest_stay(drop: Maildrop, here: Pop3Here) -> None:
    here.change(leave_count=1)
    here.pass_over()
    assert list(drop.letters) == ["u4"]


def test_only_so_many_megabytes_stay(drop: Maildrop, here: Pop3Here) -> None:
    drop.letters |= {f"big{n}": letter(n, 600_000) for n in (5, 6)}
    here.change(leave_mb=1)
    here.pass_over()
    assert list(drop.letters) == ["big6"]


def test_what_is_deleted_here_for_good_goes_there(drop: Maildrop, here: Pop3Here) -> None:
    here.pass_over()
    one, two = here.rows()[:2]
    trash = folders.by_role(here.database, here.account.id, Role.TRASH)
    assert trash is not None
    with here.database.write() as tx:
        journal.move(tx, [one.id], trash.id)
    here.pass_over()
    assert len(drop.letters) == 4
    here.delete(one.id, two.id)
    here.pass_over()
    assert list(drop.letters) == ["u3", "u4"]
    assert here.subjects() == ["3", "4"]


def test_or_not_if_the_account_says_so(drop: Maildrop, here: Pop3Here) -> None:
    here.change(delete_there=False)
    here.pass_over()
    here.delete(here.rows()[0].id)
    here.pass_over()
    assert len(drop.letters) == 4
    assert here.subjects() == ["2", "3", "4"]


def test_a_deleted_folder_takes_its_mail_along(drop: Maildrop, here: Pop3Here) -> None:
    here.pass_over()
    with here.database.write() as tx:
        folder = journal.create_folder(tx, here.account.id, "Old", "/", local=True)
        journal.move(tx, [here.rows()[0].id], folder)
        journal.delete_folder(tx, folder)
    here.pass_over()
    assert list(drop.letters) == ["u2", "u3", "u4"]


# --- headers first


def test_headers_first_then_download_leave_or_delete(drop: Maildrop, here: Pop3Here) -> None:
    here.change(summary_first=True, leave_on_server=False)
    assert here.pass_over() == 4
    assert asked(drop, "RETR") == asked(drop, "DELE") == []
    rows = here.rows()
    assert [(row.subject, row.has_body, row.partial) for row in rows] == [
        (str(n), False, True) for n in range(1, 5)
    ]
    assert [row.size for row in rows] == [len(raw) for raw in drop.letters.values()]
    here.download(rows[0].id, rows[1].id)
    assert here.raws() == Counter([letter(1), letter(2)])
    assert [row.id for row in here.rows()] == [row.id for row in rows]
    # Those that are whole need not stay; of the others nothing is here to keep.
    assert list(drop.letters) == ["u3", "u4"]
    here.delete(rows[2].id)
    here.pass_over()
    assert list(drop.letters) == ["u4"]
    assert here.subjects() == ["1", "2", "4"]
    here.change(summary_first=False)
    assert here.pass_over() == 0
    assert here.raws() == Counter(letter(n) for n in (1, 2, 4))
    assert drop.letters == {}


def test_a_header_deleted_is_meant_to_go_there_whatever_the_account_says(
    drop: Maildrop, here: Pop3Here
) -> None:
    here.change(summary_first=True, delete_there=False)
    here.pass_over()
    one, two = here.rows()[:2]
    here.delete(one.id)
    trash = folders.by_role(here.database, here.account.id, Role.TRASH)
    assert trash is not None
    with here.database.write() as tx:
        journal.move(tx, [two.id], trash.id)
        journal.delete(tx, [two.id])
    here.pass_over()
    # What is thrown out with the trash is not.
    assert list(drop.letters) == ["u2", "u3", "u4"]


def test_of_larger_mail_only_the_header_comes(drop: Maildrop, here: Pop3Here) -> None:
    drop.letters["big"] = letter(5, 300_000)
    here.change(limit_kb=100)
    here.pass_over()
    assert [row.has_body for row in here.rows()] == [True] * 4 + [False]
    big = here.rows()[-1]
    here.download(big.id)
    assert here.raws()[letter(5, 300_000)] == 1
    told = [c for c in here.changes if isinstance(c, Progress) and c.message_id == big.id]
    assert told[-1].unit is Unit.BYTES
    assert told[-1].done == told[-1].total == big.size
    assert all(one.done <= one.total for one in told)


def test_without_top_small_mail_comes_whole_and_large_mail_is_named(
    drop: Maildrop, here: Pop3Here
) -> None:
    drop.tops = False
    drop.letters["big"] = letter(5, 3_000_000)
    here.change(summary_first=True, limit_kb=100)
    assert here.pass_over() == 5
    assert here.subjects() == ["(message of 3 MB on the server)", "1", "2", "3", "4"]
    assert len(here.raws()) == 4
    here.download(here.rows()[0].id)
    assert here.subjects() == ["1", "2", "3", "4", "5"]
    assert here.pass_over() == 0


def test_a_message_gone_from_the_server_cannot_be_downloaded(
    drop: Maildrop, here: Pop3Here
) -> None:
    here.change(summary_first=True)
    here.pass_over()
    del drop.letters["u2"]
    with pytest.raises(Refused, match="not on the server any more"):
        here.download(here.rows()[1].id)
    here.download(here.rows()[0].id)
    assert here.raws() == Counter([letter(1)])


# --- names


def test_names_given_anew_bring_nothing_twice(drop: Maildrop, here: Pop3Here) -> None:
    here.pass_over()
    here.delete(here.rows()[3].id)
    drop.shown = {name: f"anew-{name}" for name in drop.letters}
    drop.letters["fresh"] = letter(8)
    here.change(delete_there=False)
    assert here.pass_over() == 1
    assert here.subjects() == ["1", "2", "3", "8"]
    assert len(asked(drop, "RETR")) == 5
    here.change(leave_on_server=False)
    here.pass_over()
    assert drop.letters == {}


def test_without_names_headers_tell_mail_apart_and_nothing_is_deleted(
    drop: Maildrop, here: Pop3Here
) -> None:
    drop.names = False
    here.change(leave_on_server=False)
    assert here.pass_over() == 4
    assert here.pass_over() == 0
    drop.letters["more"] = letter(7)
    del drop.letters["u1"]
    assert here.pass_over() == 1
    assert len(asked(drop, "RETR")) == 5
    assert asked(drop, "DELE") == []
    assert here.log().count("no lasting names") == 1
    assert sum("no lasting names" in said for said in here.notices()) == 1


def test_without_names_and_headers_nothing_is_fetched(drop: Maildrop, here: Pop3Here) -> None:
    drop.names = drop.tops = False
    drop.capabilities = ("USER",)
    with pytest.raises(BadServer, match="no lasting names"):
        here.pass_over()
    assert asked(drop, "RETR") == []


def test_two_messages_of_one_name_both_come_and_stay(drop: Maildrop, here: Pop3Here) -> None:
    drop.shown = {"u2": "same", "u3": "same"}
    here.change(leave_on_server=False)
    assert here.pass_over() == 4
    assert list(drop.letters) == ["u2", "u3"]
    assert here.pass_over() == 0
    assert here.raws() == Counter(letter(n) for n in range(1, 5))


def test_what_comes_back_is_neither_fetched_nor_deleted_again(
    drop: Maildrop, here: Pop3Here
) -> None:
    here.pass_over()
    here.delete(here.rows()[0].id)
    backup = dict(drop.letters)
    here.pass_over()
    assert list(drop.letters) == ["u2", "u3", "u4"]
    drop.letters = dict(backup)
    for _ in range(2):
        here.now += 10 * DAY_S
        here.change(leave_days=5)
        assert here.pass_over() == 0
    # Whoever put it back wants it there; the others are here.
    assert list(drop.letters) == ["u1"]
    assert here.subjects() == ["2", "3", "4"]


def test_what_left_the_server_is_forgotten_after_a_while(drop: Maildrop, here: Pop3Here) -> None:
    here.pass_over()
    kept = drop.letters.pop("u1")
    here.pass_over()
    assert here.gone() == {"u1"}
    here.now += 89 * DAY_S
    drop.letters = {"u1": kept, **drop.letters}
    assert here.pass_over() == 0
    assert here.gone() == set()
    del drop.letters["u1"]
    here.pass_over()
    here.now += 91 * DAY_S
    del drop.letters["u2"]
    here.pass_over()
    assert here.gone() == {"u2"}


# --- odd servers


def test_a_dot_that_is_not_doubled_harms_no_other_mail(drop: Maildrop, here: Pop3Here) -> None:
    drop.stuffs = False
    drop.letters["u2"] = b"Subject: 2\r\n\r\none\r\n.\r\ntwo\r\n"
    here.change(leave_on_server=False)
    driver = here.driver()
    for _ in range(3):
        with pytest.raises(BadServer):
            here.pass_over(driver=driver)
        assert "u2" in drop.letters
    # Then it is left alone, and the others have their way.
    here.pass_over(driver=driver)
    assert list(drop.letters) == ["u2"]
    assert here.subjects() == ["1", "3", "4"]
    assert "could not be fetched" in here.log()


def test_one_that_the_server_refuses_does_not_hold_up_the_others(
    drop: Maildrop, here: Pop3Here
) -> None:
    drop.refused = {"u2"}
    here.change(leave_on_server=False)
    assert here.pass_over() == 3
    assert list(drop.letters) == ["u2"]
    drop.refused = set()
    assert here.pass_over() == 1
    assert here.log().count("would not give 1 message") == 1


def test_sizes_that_are_not_true(drop: Maildrop, here: Pop3Here) -> None:
    drop.sizes = {"u1": 10, "u2": 900_000}
    here.change(leave_on_server=False)
    assert here.pass_over() == 4
    # The second may have been cut off on its way.
    assert list(drop.letters) == ["u2"]
    assert here.pass_over() == 0


def test_a_server_that_deletes_by_itself_is_told_of_once(drop: Maildrop, here: Pop3Here) -> None:
    drop.capabilities = (*CAPABILITIES, "EXPIRE 0")
    here.pass_over()
    here.pass_over()
    assert here.log().count("deletes mail once it was fetched") == 1
    assert len(here.notices()) == 1


def test_a_server_that_wants_to_be_asked_less_often(drop: Maildrop, here: Pop3Here) -> None:
    drop.capabilities = (*CAPABILITIES, "LOGIN-DELAY 900")
    driver = here.driver()
    here.pass_over(driver=driver)
    driver.whole_pass(headers_only=False)
    with pytest.raises(Offline, match="less often"):
        driver.connect()
    driver.disconnect()


def test_a_mailbox_in_use_elsewhere_waits(tmp_path: Path) -> None:
    drop = Maildrop([letter(1)])
    with (
        Scripted(drop.talk()) as server,
        Pop3Here(tmp_path, server.account(Protocol.POP3)) as here,
    ):
        drop.busy = True
        with pytest.raises(Offline, match="in use by another program"):
            here.pass_over()
        drop.busy = False
        assert here.pass_over() == 1


def test_bytes_are_counted(drop: Maildrop, here: Pop3Here) -> None:
    here.pass_over()
    (day,) = here.reader.traffic(here.account.id)
    assert day.received > sum(map(len, drop.letters.values()))
    assert day.sent > 50


def test_a_month_that_is_used_up_brings_headers_only(drop: Maildrop, here: Pop3Here) -> None:
    drop.letters["big"] = letter(5, 2_000_000)
    here.change(month_mb=1)
    here.pass_over()
    drop.letters["u6"] = letter(6)
    here.pass_over()
    assert [row.has_body for row in here.rows()] == [True] * 5 + [False]
    here.change(month_mb=0)
    here.pass_over()
    assert all(row.has_body for row in here.rows())


def test_a_pass_held_back_goes_on_later(drop: Maildrop, here: Pop3Here) -> None:
    driver = here.driver()
    driver.pause(paused=True)
    assert here.pass_over(driver=driver) == 0
    driver.pause(paused=False)
    assert here.pass_over(driver=driver) == 4


@pytest.mark.parametrize("fault", [Fault.CLOSES, Fault.GARBAGE])
def test_what_has_come_before_a_fault_is_kept(tmp_path: Path, fault: Fault) -> None:
    drop = Maildrop([letter(n) for n in range(1, 200)])
    with (
        Scripted(drop.talk(fault, "RETR 150"), drop.talk()) as server,
        Pop3Here(tmp_path, server.account(Protocol.POP3), leave_on_server=False) as here,
    ):
        driver = here.driver()
        with pytest.raises((Offline, BadServer)):
            here.pass_over(driver=driver)
        # One that is not followed by sense is not believed.
        assert len(here.rows()) == (149 if fault is Fault.CLOSES else 148)
        here.pass_over(driver=driver)
        assert len(here.rows()) == 199
        assert drop.letters == {}


def test_get_mail_twice_is_one_pass(drop: Maildrop, here: Pop3Here) -> None:
    driver = here.driver()
    first = driver.whole_pass(headers_only=False)
    assert here.pass_over(driver=driver) == 4
    assert first.done()
    assert asked(drop, "LIST") == ["LIST"]


def test_one_gone_does_not_keep_the_others_from_being_fetched(
    drop: Maildrop, here: Pop3Here
) -> None:
    here.change(summary_first=True)
    here.pass_over()
    del drop.letters["u1"]
    with pytest.raises(Refused, match="not on the server any more"):
        here.download(*(row.id for row in here.rows()))
    assert here.raws() == Counter(letter(n) for n in (2, 3, 4))


def test_headers_may_be_all_a_pass_is_to_bring(drop: Maildrop, here: Pop3Here) -> None:
    driver = here.driver()
    driver.whole_pass(headers_only=True)
    driver.work()
    driver.disconnect()
    assert [row.has_body for row in here.rows()] == [False] * 4
    here.pass_over()
    assert here.raws() == Counter(letter(n) for n in range(1, 5))


def test_a_pass_tells_how_far_it_is(tmp_path: Path) -> None:
    drop = Maildrop([letter(n) for n in range(1, 61)])
    with (
        Scripted(drop.talk()) as server,
        Pop3Here(tmp_path, server.account(Protocol.POP3)) as here,
    ):
        here.pass_over()
        told = [(c.done, c.total, c.unit) for c in here.changes if isinstance(c, Progress)]
        assert told == [(25, 60, Unit.BODIES), (60, 60, Unit.BODIES)]


def test_a_large_download_can_be_stopped(drop: Maildrop, here: Pop3Here) -> None:
    drop.letters["big"] = letter(5, 8_000_000)
    here.change(limit_kb=100)
    here.pass_over()
    big = here.rows()[-1]
    driver = here.driver()

    def stop(change: Change) -> None:
        if isinstance(change, Progress) and change.message_id == big.id:
            driver.stop_downloads()

    here.announcer.listen(stop)
    done = driver.put(TransferJob(big.id, ""), Priority.USER)
    driver.work()
    driver.disconnect()
    with pytest.raises(Refused, match="stopped"):
        done.result(0)
    assert not here.rows()[-1].has_body
    assert list(drop.letters) == ["u1", "u2", "u3", "u4", "big"]
