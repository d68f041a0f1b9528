"""format=flowed (RFC 3676) and how the texts of a message become one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mime.body import MAX_TEXT, body
from martlet.mime.flowed import fixed, flow, has_patch, unflow
from martlet.mime.parse import parse


@pytest.mark.parametrize(
    ("lines", "delsp", "text"),
    [
        # 4.1: a line that ends in a space goes on in the next
        ("one \ntwo", False, "one two"),
        ("one  \ntwo", False, "one  two"),
        ("one\ntwo", False, "one\ntwo"),
        ("one \n\ntwo", False, "one \ntwo"),
        ("last ", False, "last "),
        # DelSp: that space is no part of the text
        ("会 \n议", True, "会议"),
        ("one  \ntwo", True, "one two"),
        ("one \ntwo", True, "onetwo"),
        # 4.3: the separator of a signature never flows, quoted or not
        ("text \n-- \nAnna", False, "text \n-- \nAnna"),
        ("text\n-- \nAnna \nBerg", False, "text\n-- \nAnna Berg"),
        ("> -- \n> Anna", False, "> -- \n> Anna"),
        ("-- \nAnna", True, "-- \nAnna"),
        # 4.4: a space at the beginning is stuffing
        (" From here \nto there", False, "From here to there"),
        (" > no quote", False, "> no quote"),
        ("  two", False, " two"),
        (" \nx", False, "\nx"),
        # 4.5: quotes flow within their depth only
        ("> one \n> two", False, "> one two"),
        (">one \n> two", False, "> one two"),
        ("> one \n>> two", False, "> one \n>> two"),
        (">> one \n> two \n> three", False, ">> one \n> two three"),
        ("> one \ntwo", False, "> one \ntwo"),
        ("> > one", False, "> > one"),
        (">\n> x", False, ">\n> x"),
        (">" * 500 + " x \n" + ">" * 500 + " y", False, ">" * 500 + " x y"),
    ],
)
def test_unflow(lines: str, delsp: bool, text: str) -> None:
    assert unflow(lines, delsp) == text


@settings(deadline=None)
@given(st.text(alphabet="ab 会>\n-", max_size=300), st.booleans())
def test_unflow_loses_no_letters(text: str, delsp: bool) -> None:
    def letters(one: str) -> str:
        return "".join(char for char in one if char not in " \n>")

    assert letters(unflow(text, delsp)) == letters(text)


@settings(deadline=None)
@given(st.text(alphabet="ab >F", max_size=300))
def test_a_line_that_was_flowed_comes_back(line: str) -> None:
    line = line.strip(" >")
    assert unflow(flow(line)) == line


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (b"format=flowed", "one two"), (b'FORMAT="Flowed"; DELSP=No', "one two"),
        (b"format=flowed; delsp=yes", "onetwo"), (b"delsp=yes", "one \ntwo"),
        (b"format=fixed", "one \ntwo"),
    ],
)  # fmt: skip
def test_what_the_parameters_say(parameters: bytes, text: str) -> None:
    raw = b"Content-Type: text/plain; charset=utf-8; " + parameters + b"\r\n\r\none \r\ntwo"
    assert body(parse(raw)).text == text


def test_flowed_text_is_decoded_first() -> None:
    head = b"Content-Type: text/plain; charset=gbk; format=flowed; delsp=yes\r\n"
    head += b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    assert body(parse(head + b"=BB=E1=20\r\n=D2=E9\r\n")).text == "会议"


def several(kind: bytes, *parts: bytes) -> bytes:
    inside = b"".join(b"--b\r\nContent-Type: " + part + b"\r\n" for part in parts)
    return b"Content-Type: multipart/" + kind + b"; boundary=b\r\n\r\n" + inside + b"--b--\r\n"


def test_several_texts_are_one_body() -> None:
    raw = several(
        b"mixed",
        b"text/plain; format=flowed\r\n\r\none \r\ntwo",
        b"application/pdf; name=a.pdf\r\n\r\nx",
        b"text/plain; charset=gbk\r\n\r\n" + "三".encode("gbk"),
        b"text/plain; name=notes.txt\r\n\r\nnot shown",
        b"text/plain\r\n\r\n \r\n",
        b"text/html\r\n\r\n<p>four</p>",
    )
    found = body(parse(raw))
    assert found.text == "one two\n\n三\n\nfour"
    assert found.html is not None
    assert found.html.count("<hr>") == 2
    assert found.html.index("one two") < found.html.index("三") < found.html.index("<p>four")


def test_the_last_alternative_that_says_something_is_shown() -> None:
    plain, html = b"text/plain\r\n\r\nplain", b"text/html\r\n\r\n<p>rich</p>"
    empty = b"text/html\r\n\r\n"
    for parts, shown in (
        ((plain, html), "<p>rich</p>"), ((html, plain), "<p>rich</p>"), ((plain, empty), None),
        ((plain, html, empty), "<p>rich</p>"), ((html,), "<p>rich</p>"), ((plain,), None),
    ):  # fmt: skip
        found = body(parse(several(b"alternative", *parts)))
        assert (found.html or "").strip() == (shown or "")
        assert found.text.strip() == ("rich" if plain not in parts else "plain")


def test_very_long_texts_are_cut_and_told() -> None:
    text = b"text/plain\r\n\r\n" + b"a line of words\r\n" * (6 << 16)
    found = body(parse(several(b"mixed", text, text, text)))
    assert len(found.text) <= MAX_TEXT + 100
    assert (found.cut, found.problems) == (True, ())
    assert not body(parse(several(b"mixed", text))).cut


WORDS = "word " * 30 + "end"
URL = "https://example.org/" + "a" * 200
PATCH = (
    "Please look.\n\n"
    "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -1,4 +1,4 @@\n def run():\n \n"
    "-    return 1\n+    return 2   \n \n" + "+" + "long " * 40 + "\n-- \n2.39\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "> " + "quoted " * 13,
        "    code " + "x " * 60,
        "\tcode " + "x " * 60,
        "Name          Amount     " + "x " * 40,
        "| a | b | " + "c | " * 30,
        "> +" + "patch " * 30,
        ">     code " + "x " * 60,
        "字" * 300,
        URL,
    ],
)
def test_what_has_a_shape_is_not_broken(text: str) -> None:
    sent = flow(text)
    assert "\n" not in sent
    assert unflow(sent) == text.rstrip()


def test_paragraphs_are_broken_at_spaces() -> None:
    lines = flow(f"{WORDS} {URL} {WORDS}").split("\n")
    assert all(line.endswith(" ") for line in lines[:-1])
    assert all(len(line) <= 73 for line in lines if URL not in line)
    assert any(line.strip() == URL for line in lines)
    deep = flow(">>> " + WORDS * 3).split("\n")
    assert len(deep) > 3
    assert all(line.startswith(">>> ") for line in deep)
    # As wide as they are shown
    wide = flow("字字字字字字字字 " * 20).split("\n")
    assert all(len(line) <= 37 for line in wide)
    assert flow(WORDS, unbroken={0}) == WORDS


def test_no_piece_of_a_paragraph_begins_a_signature() -> None:
    sent = flow("w" * 71 + " -- " + "x" * 71 + " -- " + "y" * 90)
    assert "-- " not in sent.split("\n")
    assert unflow(sent).count("--") == 2


def test_a_letter_with_a_patch_stays_as_it_is() -> None:
    assert has_patch(PATCH)
    assert fixed(PATCH) == PATCH
    assert not has_patch("> " + PATCH.replace("\n", "\n> "))
    prose = fixed(WORDS + "\n\n" + PATCH).split("\n")
    assert max(map(len, prose[:3])) <= 73
    assert "\n".join(prose).endswith(PATCH)


@settings(deadline=None)
@given(st.text(alphabet="ab 会>-\n\tF", max_size=400))
def test_what_flows_out_flows_back(text: str) -> None:
    def quotes_apart(line: str) -> str:
        marks = len(line) - len(line.replace(">", " ").lstrip())
        head = line[:marks]
        return ">" * head.count(">") + "|" + line[marks:].rstrip(" ") if ">" in head else line

    def plain(one: str) -> list[str]:
        return ["".join(quotes_apart(line).split(" ")) for line in one.split("\n")]

    assert plain(unflow(flow(text))) == plain(text)


def test_what_only_looks_like_a_quotation_is_stuffed() -> None:
    text = "> 5 apples\n> a quote\n> > 5 pears\n>> deep"
    flowed = flow(text, depths={1: 1, 2: 1})
    # RFC 3676, 4.4: own lines that begin with ">" get a space before them.
    assert flowed == " > 5 apples\n> a quote\n> > 5 pears\n >> deep"
    assert unflow(flowed).split("\n")[1:3] == ["> a quote", "> > 5 pears"]
    # By hand such lines are quotations.
    assert flow("> quoted by hand") == "> quoted by hand"


def test_long_own_lines_that_begin_like_a_quotation_are_wrapped_as_own() -> None:
    line = "> " + "word " * 40 + "end"
    pieces = flow(line, depths={}).split("\n")
    assert len(pieces) > 2
    assert pieces[0].startswith(" > word")
    assert not any(piece.startswith(">") for piece in pieces)
    assert unflow("\n".join(pieces)) == line
