"""What an attachment is and what speaks against opening it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.file_risk import NEEDED, SENTENCES, Risk, about, ending_of
from martlet.mail.file_types import Kind

PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)
ELF = b"\x7fELF" + bytes(60)
WINDOWS = b"MZ" + bytes(100)
ZIP = b"PK\x03\x04\x14\0\0\0" + bytes(30)


@pytest.mark.parametrize(
    ("name", "content_type", "start", "kind"),
    [
        ("photo.jpg", "image/jpeg", b"", Kind.PICTURE),
        ("scan", "application/pdf", b"%PDF-1.7", Kind.PDF),
        ("scan.bin", "application/octet-stream", b"\r\n%PDF-1.7", Kind.PDF),
        ("notes.md", "application/octet-stream", b"# Notes", Kind.TEXT),
        ("data.csv", "application/vnd.ms-excel", b"a;b", Kind.TEXT),
        ("a.docx", "application/octet-stream", ZIP, Kind.DOCUMENT),
        ("预算.xlsx", "application/x", ZIP, Kind.SHEET),
        ("slides.odp", "application/zip", ZIP, Kind.SLIDES),
        ("all.zip", "application/x-zip-compressed", ZIP, Kind.ARCHIVE),
        ("song.mp3", "audio/mpeg", b"ID3", Kind.AUDIO),
        ("film.mov", "video/quicktime", b"\0\0\0\x14ftypqt  ", Kind.VIDEO),
        ("invite.ics", "text/calendar", b"BEGIN:VCALENDAR", Kind.CALENDAR),
        ("Ada.vcf", "text/x-vcard", b"", Kind.CONTACT),
        ("Re_ hello.eml", "message/rfc822", b"From: a", Kind.MESSAGE),
        ("setup.exe", "application/octet-stream", b"", Kind.PROGRAM),
        ("whatever.qqq", "application/x-chart", b"", Kind.OTHER),
    ],
)
def test_the_kind(name: str, content_type: str, start: bytes, kind: Kind) -> None:
    assert about(name, content_type, start).kind is kind


@pytest.mark.parametrize(
    ("name", "content_type", "start", "risks"),
    [
        ("photo.jpg", "image/jpeg", b"\xff\xd8\xff\xe0", ()),
        ("photo.jpg", "text/plain", b"\xff\xd8\xff\xe0", ()),
        ("notes.txt", "application/octet-stream", b"", ()),
        ("data.csv", "application/vnd.ms-excel", b"a;b", ()),
        ("archive.tar.gz", "application/gzip", b"\x1f\x8b", ()),
        ("v1.2.3.pdf", "application/pdf", b"%PDF-1.4", ()),
        ("setup.exe", "application/x-msdownload", WINDOWS, (Risk.PROGRAM,)),
        ("setup.exe. ", "", b"", (Risk.PROGRAM,)),
        ("libre.jar", "application/java-archive", ZIP, (Risk.PROGRAM,)),
        ("run", "application/octet-stream", ELF, (Risk.PROGRAM,)),
        ("run", "text/plain", b"#!/bin/sh\n", (Risk.SCRIPT,)),
        ("a.vbs", "text/plain", b"", (Risk.SCRIPT,)),
        ("a.lnk", "application/octet-stream", b"L\0\0\0\x01\x14\x02\0", (Risk.SHORTCUT,)),
        ("a.iso", "application/octet-stream", b"", (Risk.DISK,)),
        ("invoice.pdf.exe", "application/pdf", b"", (Risk.PROGRAM, Risk.DOUBLE_ENDING)),
        ("invoice.pdf       .scr", "", b"", (Risk.PROGRAM, Risk.DOUBLE_ENDING)),
        ("photo          .js", "", b"", (Risk.SCRIPT, Risk.DOUBLE_ENDING)),
        ("invoice.pdf", "application/pdf", WINDOWS, (Risk.PROGRAM, Risk.DISAGREES)),
        ("photo.png", "application/pdf", b"", (Risk.DISAGREES,)),
        ("photo.png", "image/png", ZIP, (Risk.DISAGREES,)),
        ("report.docm", "application/octet-stream", ZIP, (Risk.MACROS,)),
        ("n.one", "application/onenote", b"", (Risk.NOTEBOOK,)),
        ("login.html", "text/html", b"<html>", (Risk.PAGE,)),
        ("scan.pdf.html", "text/html", b"", (Risk.DOUBLE_ENDING, Risk.PAGE)),
        ("logo.svg", "image/svg+xml", b"", (Risk.PAGE,)),
        ("locked.zip", "application/zip", ZIP[:6] + b"\x01" + ZIP[7:], (Risk.LOCKED,)),
    ],
)
def test_the_risks(name: str, content_type: str, start: bytes, risks: tuple[Risk, ...]) -> None:
    assert about(name, content_type, start).risks == risks


def test_a_disguised_name_is_told() -> None:
    found = about("exe.fdp", "application/pdf", disguised=True)
    assert found.risks[0] is Risk.DISGUISED
    assert found.warned
    assert not found.never_opened


def test_what_runs_is_never_opened_and_a_locked_archive_opens_like_others() -> None:
    assert about("a.exe", "").never_opened
    locked = about("locked.zip", "application/zip", ZIP[:6] + b"\x01" + ZIP[7:])
    assert locked.risks
    assert not locked.warned


def test_every_risk_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Risk)
    assert all(words.endswith(".") for words in SENTENCES.values())


@given(st.text(max_size=80), st.text(max_size=40), st.binary(max_size=NEEDED + 8))
def test_anything_at_all_has_facts(name: str, content_type: str, start: bytes) -> None:
    found = about(name, content_type, start)
    order = list(Risk)
    assert [order.index(r) for r in found.risks] == sorted({order.index(r) for r in found.risks})


@given(st.text(max_size=30), st.sampled_from(("exe", "EXE", "js", "Lnk", "iso")))
def test_an_ending_that_runs_is_never_opened_whatever_stands_before(stem: str, end: str) -> None:
    if stem:
        assert about(f"{stem}.{end}", "image/png", PNG).never_opened
        assert ending_of(f"{stem}.{end}") == end.lower()
