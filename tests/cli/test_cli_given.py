"""People, words and files of a letter, as the command line takes them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from cli.running import Cli
from cli.stored import able_to_send
from martlet.store.blobs import Blobs
from martlet.store.reader import Reader


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(able_to_send(tmp_path / "profile"))


def test_a_folder_goes_along_as_one_zip_file(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "计划"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"a")
    cli.ok("template", "add", "Plans", "--body", "x", "--attach", str(folder))
    (plans,) = Reader(cli.profile).templates()
    (part,) = plans.parts
    assert part.name == "计划.zip"
    data = Blobs(cli.profile).get(part.blob)
    assert data is not None
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["计划/a.txt"]


def test_markup_is_read_from_stdin(cli: Cli) -> None:
    cli.ok("template", "add", "T", "--html", "-", stdin="\ufeff<b>Grüße</b>\n".encode())
    (kept,) = Reader(cli.profile).templates()
    assert kept.html == "<b>Grüße</b>"
    assert cli("template", "add", "U", "--html", "-", stdin=b" \n").status == 2


@pytest.mark.parametrize("option", ["--body", "--html"])
def test_text_in_another_charset_is_not_sent_spoilt(cli: Cli, option: str) -> None:
    words = ("send", "--to", "you@example.org", "--subject", "Hi", option, "-")
    said = cli.refused(*words, stdin="Grüße".encode("latin-1"))
    assert said == "The text on stdin is not UTF-8; iconv can make it so."
    assert cli.refused("template", "add", "T", option, "-", stdin=b"\xff") == said
    assert Reader(cli.profile).outbox() == []
    assert Reader(cli.profile).templates() == []


def test_a_signature_from_stdin_is_not_spoilt_either(cli: Cli) -> None:
    words = ("identity", "edit", "work", "0", "--signature-file")
    assert "not UTF-8" in cli.refused(*words, "-", stdin="Grüße".encode("latin-1"))
    cli.ok(*words, "-", stdin="Grüße\n".encode())
    kept = Reader(cli.profile).account("work")
    assert kept is not None
    assert kept.signature == "Grüße"


@pytest.mark.parametrize(
    "raw",
    [b"Dear Bruno,\n\nsee you\n", b"See you\n", b" Subject: x\n\nx", b"From here it goes: up\n"],
)
def test_a_text_is_no_message_whose_head_it_would_become(cli: Cli, raw: bytes) -> None:
    said = cli.refused("send", "-", "--to", "you@example.org", stdin=raw)
    assert said in (
        "stdin holds no message; to send a text, use --body.",
        "stdin holds no message.",
    )
    assert Reader(cli.profile).outbox() == []


def test_a_patch_of_git_is_a_message(cli: Cli) -> None:
    patch = b"From: a@example.org\nSubject: [PATCH] x\n\n---\n"
    for before in (b"", b"From 1f2e3d Mon Sep 17 00:00:00 2001\n"):
        words = ("send", "-", "--to", "you@example.org", "--later", "+1d")
        assert cli(*words, stdin=before + patch).status == 0
    bare, one = Reader(cli.profile).outbox()
    assert (one.subject, one.size) == ("[PATCH] x", bare.size)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("send", "--to", "a@example.org", "--attach", ""), "--attach: give the name of a file"),
        (("template", "add", "T", "--body", "x", "--attach", ""), "--attach: give the name of"),
        (("redirect", "1", "--to", ""), "--to: give an address"),
        (("redirect", "1", "--to", "a b c"), "--to: 'a b c' is not an e-mail address"),
        (("send", "--to", "a@example.org", "--cc", "x y z", "--body", "x"), "--cc: 'x y z' is not"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(cli: Cli, words: tuple[str, ...], said: str) -> None:
    assert cli.refused(*words, status=2).startswith(said)


@pytest.mark.parametrize("name", ["~nosuchuser/x", "a" * 300, "a/" * 3000])
def test_a_file_that_cannot_be_is_not_there(cli: Cli, name: str) -> None:
    said = cli.refused("send", "--to", "a@example.org", "--subject", "x", "--attach", name)
    assert said.startswith("There is no file ")
    assert cli.refused("template", "add", "T", "--body", "x", "--attach", name) == said


def test_nothing_kept_is_said(cli: Cli) -> None:
    assert cli.ok("template", "list").out == "Nothing is kept yet.\n"
    assert cli.ok("template", "list", "--json").out == ""
