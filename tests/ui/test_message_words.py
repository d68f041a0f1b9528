"""What is shown of what a sender wrote, in words: reports, events, headers, source, tags."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QTimeZone

from martlet.mail.cards import Invitation, Method
from martlet.mail.piece import Piece
from martlet.mail.report import Action, Fate, Report
from martlet.mail.sender_facts import FactKind, SenderFact, Weight
from martlet.ui import sender_words, shown_text, tags
from martlet.ui.cards import event_words, piece_card, report_words
from martlet.ui.charset_menu import CHARSETS, shown
from martlet.ui.inside import words
from martlet.ui.looking_inside import file_name
from martlet.ui.tokens import DARK, LIGHT

ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
DAY = 86_400.0
# Thursday, 24 September 2026, 06:00 UTC.
START = 1_790_229_600.0
EVENT = Invitation("2", Method.REQUEST, "Review", START, START + 5400)


# What a sender wrote


@given(st.text(max_size=400))
def test_making_words_breakable_changes_no_letter(text: str) -> None:
    broken = shown_text.breakable(text.replace("\u200b", ""))
    assert broken.replace("\u200b", "") == text.replace("\u200b", "")
    assert max(map(len, broken.replace("\u200b", " ").split()), default=0) < 28


@given(st.text(max_size=200), st.integers(3, 60))
def test_what_is_cut_fits_and_keeps_its_ends(text: str, most: int) -> None:
    assert len(shown_text.cut(text, most)) <= most
    inside = shown_text.cut_inside(text, most)
    assert len(inside) <= most
    assert len(text) <= most or text.endswith(inside[-(most // 2) :])


def test_the_domain_of_an_endless_address_is_in_sight() -> None:
    address = "a" * 5000 + "@evil.example"
    assert shown_text.cut_inside(address, 254).endswith("@evil.example")


# Senders


def test_every_fact_has_a_sentence_and_a_symbol() -> None:
    for kind in FactKind:
        for weight in Weight:
            fact = SenderFact(kind, weight, ("{0}", "a", "b"))
            assert sender_words.sentence(fact)
            assert sender_words.symbol_of(fact)[0]
            assert not sender_words.line_of(fact).endswith(".")


# Reports


def report(*fates: Fate) -> Report:
    return Report("<1@example.org>", "", fates, "mx.example.com")


def test_a_report_says_who_what_why_and_what_to_do() -> None:
    bad = report(Fate("bob@example.com", Action.FAILED, "5.1.1", "550 5.1.1 User unknown"))
    assert report_words.heading(bad) == "Your message could not be delivered"
    assert report_words.lines(bad.fates) == [
        "It did not reach bob@example.com: there is no such address."
    ]
    assert report_words.advice(bad).startswith("Check the address")
    assert report_words.technical(bad) == [
        "Reported by mx.example.com",
        "bob@example.com: 5.1.1 550 5.1.1 User unknown",
        "About the message <1@example.org>",
    ]


def test_a_full_mailbox_and_a_delay_ask_for_patience() -> None:
    full = report(Fate("bob@example.com", Action.FAILED, "5.2.2"))
    assert report_words.advice(full).startswith("Try again later")
    late = report(Fate("bob@example.com", Action.DELAYED, "4.4.1"))
    assert report_words.heading(late) == "Your message is delayed"
    assert "nothing to do" in report_words.advice(late)


def test_many_with_the_same_fate_are_told_together() -> None:
    fates = [Fate(f"p{n}@example.com", Action.FAILED, "5.1.1") for n in range(50)]
    (line,) = report_words.lines(fates)
    assert "p0@example.com, p1@example.com, p2@example.com and 47 more" in line
    some = report(*fates, Fate("x@example.com", Action.DELIVERED))
    assert report_words.heading(some) == "Your message did not reach everyone"


def test_a_read_receipt_only_says_what_a_program_says() -> None:
    read = report(Fate("mira@example.com", Action.DELIVERED, read=True))
    assert report_words.heading(read) == "Your message was shown to its reader"
    assert "says that it showed" in report_words.lines(read.fates)[0]
    assert report_words.advice(read) == ""


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(Action), st.booleans())
def test_whatever_a_report_says_it_is_told(who: str, said: str, action: Action, read: bool) -> None:
    told = report(Fate(who, action, said, said, read))
    assert report_words.heading(told)
    assert report_words.lines(told.fates)
    report_words.advice(told)
    report_words.technical(told)


# Events


def test_an_event_says_when_in_the_time_of_the_reader() -> None:
    told = event_words.when(EVENT, ENGLISH)
    assert told.count(":") == 2
    assert "24 September 2026" in told
    here = QTimeZone.systemTimeZone()
    assert told.endswith(f", {event_words.zone_name(here)}")
    assert event_words.zone_name(QTimeZone(b"Etc/UTC")) == "UTC"
    assert event_words.zone_name(QTimeZone(b"Asia/Shanghai")) == "Asia/Shanghai"
    days = event_words.when(replace(EVENT, end=START + 3 * DAY), ENGLISH)
    assert "27 September 2026" in days
    assert event_words.when(replace(EVENT, start=None), ENGLISH) == ""


def test_whole_days_are_the_same_days_everywhere() -> None:
    midnight = START - 6 * 3600
    whole = replace(EVENT, start=midnight, end=midnight + DAY, all_day=True)
    assert event_words.when(whole, ENGLISH) == "Thursday, 24 September 2026, all day"
    three = replace(whole, end=midnight + 3 * DAY)
    assert event_words.when(three, ENGLISH).endswith("Saturday, 26 September 2026")
    day = event_words.first_day(whole)
    assert day is not None
    assert day.day() == 24


def test_the_clocks_where_it_is_held_are_told_if_they_differ() -> None:
    there = event_words.elsewhere(replace(EVENT, zone="Asia/Kathmandu"), ENGLISH)
    assert there.endswith("in Asia/Kathmandu")
    assert "11:45" in there
    unknown = event_words.elsewhere(replace(EVENT, zone="Home Office Time"), ENGLISH)
    assert "“Home Office Time”" in unknown
    assert event_words.elsewhere(EVENT, ENGLISH) == ""
    outlook = event_words.elsewhere(replace(EVENT, zone="Nepal Standard Time"), ENGLISH)
    assert "11:45" in outlook


@given(
    st.text(max_size=80) | st.sampled_from(["../../../etc/localtime", "/etc/passwd", "a" * 9000])
)
def test_a_zone_that_is_no_zone_is_only_named(zone: str) -> None:
    told = event_words.elsewhere(replace(EVENT, zone=zone), ENGLISH)
    assert "“" in told or " in " in told or told == ""


@pytest.mark.parametrize("when", [-1e18, 1e18, float("nan"), float("inf"), -62_135_596_801.0])
def test_no_date_of_any_calendar_is_no_date(when: float) -> None:
    event = replace(EVENT, start=when, end=when)
    assert event_words.when(event, ENGLISH) == ""
    assert event_words.first_day(replace(event, all_day=True)) is None
    assert event_words.elsewhere(replace(event, zone="Asia/Tokyo"), ENGLISH) == ""


def test_what_became_of_an_event_is_in_its_heading() -> None:
    assert event_words.heading(EVENT) == "Review"
    assert event_words.heading(replace(EVENT, sequence=2)) == "Changed: Review"
    assert event_words.heading(replace(EVENT, cancelled=True)) == "Cancelled: Review"
    assert event_words.heading(replace(EVENT, method=Method.REPLY)) == "Answer: Review"
    assert event_words.heading(replace(EVENT, summary="")) == "(no title)"


# Pieces


def test_a_piece_says_what_is_missing() -> None:
    assert piece_card.heading(Piece("x", 2, 3)) == "Part 2 of 3 of a larger message"
    assert piece_card.lines(Piece("x", 2, 3, (1, 2))) == ["Part 3 is not here."]
    assert piece_card.lines(Piece("x", 2, 4, (2,))) == ["Parts 1, 3, 4 are not here."]
    assert piece_card.lines(Piece("x", 2, 2, (1, 2))) == ["All of them are here."]
    assert "Here are 1, 2" in piece_card.lines(Piece("x", 2, 0, (1,)))[0]


@given(st.integers(-5, 2**63), st.integers(0, 2**63), st.lists(st.integers(-5, 2**63), max_size=9))
def test_a_piece_that_claims_a_billion_others_costs_nothing(
    number: int, total: int, here: list[int]
) -> None:
    told = piece_card.lines(Piece("x", number, total, tuple(here)))
    assert len(told) == 1
    assert len(told[0]) < 400


# Source and headers


@given(st.binary(max_size=600))
def test_any_source_is_text_without_controls(raw: bytes) -> None:
    text = words.source_text(raw)
    assert all(char >= " " or char in "\t\n" for char in text)
    assert not set(text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\u2028\x7f\x85")


def test_a_line_without_end_is_broken_and_8_bit_shown() -> None:
    text = words.source_text(b"x" * 100_000)
    assert max(map(len, text.split("\n"))) == 2000
    assert words.source_text(b"Subject: caf\xe9\r\n\r\n\x00\xe4\xbd\xa0") == (
        "Subject: caf\\xe9\n\n\u2400你"
    )
    assert words.source_text("a\u202eb".encode()) == "a\\u202eb"


def test_received_fields_are_told_clause_by_clause() -> None:
    value = (
        "from mail.example.org (mail.example.org [192.0.2.1] by chance) by mx.example.com"
        " with ESMTPS id 4711 for <ada@example.org>; Tue, 22 Sep 2026 04:13:20 +0800"
    )
    assert words.received(value) == [
        "from mail.example.org (mail.example.org [192.0.2.1] by chance)",
        "by mx.example.com",
        "with ESMTPS",
        "id 4711",
        "for <ada@example.org>",
        "Tue, 22 Sep 2026 04:13:20 +0800",
    ]
    lines = words.header_text((("Received", value), ("Subject", "Hello"))).split("\n")
    assert lines[0].startswith("Received: from mail.example.org")
    assert lines[1] == "    by mx.example.com"
    assert lines[-1] == "Subject: Hello"


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=200)), max_size=8))
def test_any_headers_are_told(headers: list[tuple[str, str]]) -> None:
    assert words.header_text(headers).count("\n") >= len(headers) - 1


@given(st.text(alphabet='(); abyfromwith\\"', max_size=200))
def test_no_word_of_a_received_field_is_lost(value: str) -> None:
    assert "".join("".join(words.received(value)).split()) in (
        "".join(value.split()),
        "".join(value.split()).replace(";", "", 1),
        "".join(value.rsplit(";", 1)).replace(" ", ""),
    )


def test_a_hundred_thousand_headers_are_bounded() -> None:
    text = words.header_text([("X", "y")] * 100_000)
    assert text.count("\n") == 2000
    assert text.endswith("…")


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Re: a/b\\c", "Re_ a_b_c"),
        ("../../etc/passwd", "______etc_passwd"),
        ("", "message"),
        ("...", "___"),
        ("关于", "关于"),
        ("x" * 500, "x" * 79),
    ],
)
def test_a_subject_becomes_a_file_name(subject: str, name: str) -> None:
    assert file_name(subject) == name


# Tags


def test_the_five_come_first_and_what_programs_write_is_no_tag() -> None:
    worn = tags.of(frozenset({"holiday", "$Label2", "$Forwarded", "NonJunk", "$MDNSent", "项目"}))
    assert [tag.name for tag in worn] == ["Work", "holiday", "项目"]
    known = tags.known(["zebra", "Apple", "$label3", "$NotJunk"])
    assert [tag.name for tag in known] == [
        "Important", "Work", "Personal", "To do", "Later", "Apple", "zebra",
    ]  # fmt: skip


def test_a_tag_keeps_its_colour_and_all_can_be_read() -> None:
    assert tags.tag_of("holiday") == tags.tag_of("holiday")
    for tokens in (LIGHT, DARK):
        for name in ("$label1", "$label5", "holiday", *string.ascii_letters):
            assert tags.colour(tags.tag_of(name), tokens) in tokens.tags


# Encodings


def test_every_encoding_offered_is_one_and_has_a_name() -> None:
    for name in CHARSETS:
        assert "".encode(name) is not None
        assert ", " in shown(name)
    assert shown("x-unknown") == "X-UNKNOWN"
