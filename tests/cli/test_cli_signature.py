"""Markup of a signature, which is often somebody else's: what of it is read, and how soon."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.running import Cli
from cli.stored import able_to_send
from martlet.cli.signature import words_of
from martlet.store.reader import Reader

MILLION = 1 << 20


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(able_to_send(tmp_path / "profile"))


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<head><title>x</title><style>p{}</style></head><p>Ada</p>", "Ada"),
        ("<STYLE>a</style >b<style>c</STYLE>d", "bd"),
        ("a<script>1</script>b<script>2", "ab2"),
        ("a<style>b<title>c</title>d", "abd"),
        ("a<!--[if mso]>x<![endif]-->b<![if !mso]>c<![endif]>", "abc"),
        ("a<header>b</header>", "ab"),
    ],
)
def test_what_browsers_show_nothing_of_is_left_out(markup: str, words: str) -> None:
    assert words_of(markup) == words


@pytest.mark.parametrize("piece", ["<style>", "<script><title>", "<![ ", "<head ", "<!-- x"])
def test_tags_without_ends_are_read_at_once(piece: str) -> None:
    """Hours, if each looked for its end anew."""
    words_of(piece * (MILLION // len(piece)))


@pytest.mark.parametrize("piece", ["<img ", '<img src="', "<img src='x:", "<img src=' "])
def test_pictures_without_ends_are_read_at_once(cli: Cli, tmp_path: Path, piece: str) -> None:
    file = tmp_path / "s.html"
    file.write_text("<p>Ada</p>" + piece * (MILLION // len(piece)))
    cli.ok("identity", "edit", "work", "0", "--signature-html", str(file))


def test_a_picture_with_a_name_that_cannot_be_is_not_there(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "s.html"
    file.write_text(f'<p>Ada</p><img src="{"a" * 300}.png"><img src="b&#0;.png">')
    cli.ok("identity", "edit", "work", "0", "--signature-html", str(file))
    kept = Reader(cli.profile).account("work")
    assert kept is not None
    assert kept.signature == "Ada"


def test_a_signature_of_nobody_is_not_there(cli: Cli) -> None:
    words = ("identity", "edit", "work", "0", "--signature-html", "~nosuchuser/s.html")
    assert "cannot be read: no such file" in cli.refused(*words, status=2)
