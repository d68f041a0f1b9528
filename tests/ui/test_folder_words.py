"""What is said about folders: names that can be given, rights, what is kept, what is deleted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDateTime, QLocale

from martlet.mail.account import AccountId, Keep
from martlet.mail.changes import Progress, Unit
from martlet.mail.errors import Offline, Refused
from martlet.mail.folder import Folder, FolderId, Role
from martlet.ui import dates
from martlet.ui.folders import rights
from martlet.ui.folders.deleting import contents
from martlet.ui.folders.keep import keep_words
from martlet.ui.folders.missing import wanted_role
from martlet.ui.folders.names import below, parent_name, path_in, problem_with, top_prefix
from martlet.ui.progress_words import how_far, time_left

ONE = AccountId(1)


def made(
    number: int,
    name: str,
    role: Role = Role.NONE,
    *,
    delimiter: str = "/",
    total: int = 0,
    there: int = 0,
    rights: str = "",
) -> Folder:
    return Folder(
        FolderId(number), ONE, name, delimiter, role, total=total, there=there, rights=rights
    )


INBOX = made(1, "INBOX", Role.INBOX)
TRASH = made(2, "Trash", Role.TRASH)
WORK = made(3, "Work", total=3, there=10)
INNER = made(4, "Work/Inner", total=5)
DEEP = made(5, "Work/Inner/Deep", total=1)
OLD = made(6, "Trash/Old")
ALL = [INBOX, TRASH, WORK, INNER, DEEP, OLD]


def test_what_is_inside_and_above() -> None:
    assert below(WORK, ALL) == [INNER, DEEP]
    assert parent_name(DEEP) == "Work/Inner"
    assert parent_name(WORK) == ""
    assert path_in(WORK, ONE, "New", ALL) == "Work/New"
    assert path_in(None, ONE, "New", ALL) == "New"


def test_where_all_stands_below_the_inbox_new_folders_do_too() -> None:
    courier = [
        made(1, "INBOX", Role.INBOX, delimiter="."),
        made(2, "INBOX.Trash", Role.TRASH, delimiter="."),
        made(3, "INBOX.Work", delimiter="."),
    ]
    assert top_prefix(ONE, courier) == "INBOX."
    assert path_in(None, ONE, "New", courier) == "INBOX.New"
    assert top_prefix(ONE, [INBOX]) == ""


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("a/b", "between levels"),
        ("Work", "already"),
        ("inbox", "inbox"),
        ("a\tb", "control"),
        ("100%", "patterns"),
        ("字" * 100, "too long"),
        ("评审 2026", ""),
        ("", ""),
    ],
)
def test_a_name_that_cannot_be_is_told_before(name: str, word: str) -> None:
    problem = problem_with(name, None, ONE, ALL)
    assert bool(problem) == bool(word)
    assert word in problem


def test_rights_are_those_of_both_standards_and_unknown_ones_forbid_nothing() -> None:
    reads = made(9, "Shared", rights="lrs")
    assert rights.may(reads, rights.MARK_READ)
    assert not rights.may(reads, rights.INSERT)
    assert not rights.may_rename(reads)
    old = made(9, "Shared", rights="lrswipcda")  # RFC 2086
    assert rights.may(old, rights.CREATE_BELOW)
    assert rights.may(old, "te")
    assert rights.may(made(9, "Mine"), "kxte")
    assert rights.in_words("lrswipkxte") == "Everything"
    assert rights.in_words("lrs") == "read, mark as read"
    assert rights.in_words("") == ""


def test_what_is_kept_in_words() -> None:
    assert keep_words(Keep.RECENT, 30) == "The newest 30 days"
    assert keep_words(Keep.RECENT, 365) == "The newest 1 year"
    assert keep_words(Keep.ALL, 0) == "Everything"


def test_how_much_goes_with_a_folder() -> None:
    assert contents(WORK, ALL) == "It holds 2 folders and, in all, 16 messages."
    assert contents(DEEP, ALL) == "It holds 1 message."
    assert contents(OLD, ALL) == "It is empty."


def test_only_a_refusal_that_names_a_role_asks_for_a_folder() -> None:
    assert wanted_role(Refused("No folder.", "role:archive")) is Role.ARCHIVE
    assert wanted_role(Refused("No folder.", "role:nonsense")) is None
    assert wanted_role(Refused("No folder.", "role:")) is None
    assert wanted_role(Refused("No.", "NO [CANNOT]")) is None
    assert wanted_role(Offline("No line.", "role:archive")) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1.0, ""),
        (3, "a few seconds left"),
        (32, "about 30 seconds left"),
        (70, "about a minute left"),
        (130, "about 2 minutes left"),
        (3600, "about an hour left"),
        (9000, "about 2 hours left"),
    ],
)
def test_the_time_left_is_said_as_people_do(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_progress_names_what_it_counts() -> None:
    assert how_far(Progress(ONE, "评审", 3, 10)) == "评审: 3 of 10 headers"
    assert how_far(Progress(ONE, "Work", 3, 10, Unit.BODIES)) == "Work: 3 of 10 messages"
    assert how_far(Progress(ONE, "Work", 3, 0)) == "Work: 3 headers"
    assert how_far(Progress(ONE, "INBOX", 3, 10)) == "Inbox: 3 of 10 headers"
    words = how_far(Progress(ONE, "a.pdf", 1_200_000, 5_000_000, Unit.BYTES))
    assert words == "a.pdf: 1.2 MB of 5.0 MB"


@pytest.mark.parametrize(
    ("name", "words"), [("C", "23 Dec 2025"), ("en_GB", "23/12/2025"), ("de", "23.12.25")]
)
def test_a_day_is_never_bare_numbers_in_a_row(name: str, words: str) -> None:
    locale = QLocale(name)
    when = QDateTime.fromString("2025-12-23T10:20:30", "yyyy-MM-ddTHH:mm:ss").toSecsSinceEpoch()
    assert dates.short(when, when + 300 * 86400, locale) == words
    assert dates.stamp(when, locale) == f"{words} 10:20:30"
