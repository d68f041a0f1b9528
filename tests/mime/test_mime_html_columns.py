"""Tables of data become lines whose columns stand under each other; others do not."""

from __future__ import annotations

import pytest

from martlet.mime.html_text import text_and_lines, to_text, words


def table(*rows: str) -> str:
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def cells(*texts: str, tag: str = "td") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


def test_columns_stand_under_each_other() -> None:
    html = table(
        cells("Name", "Amount", tag="th"), cells("Apples", "3"), cells("葡萄", "12"), cells("a\n b")
    )
    text, shaped, _ = text_and_lines(f"<p>So:</p>{html}<p>End</p>")
    assert text == ("So:\n\nName    Amount\n------  ------\nApples  3\n葡萄    12\na b\n\nEnd")
    assert shaped == {2, 3, 4, 5, 6}
    assert to_text(f"<blockquote>{html}</blockquote>").startswith("> Name    Amount\n> ------")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (table(cells("a", "<a href='https://x.example'>l</a>"), cells("c", "d")),
         "a l <https://x.example>\nc d"),
        (table("<td colspan=2>a</td>", cells("c", "d"), cells("e", "f")), "a\nc d\ne f"),
        (table(cells("a", "<span style='display:none'>x</span>b"), cells("c", "d")), "a b\nc d"),
        (table(cells("x" * 80, "y" * 80), cells("c", "d")), "x" * 80 + " " + "y" * 80 + "\nc d"),
        (table(cells("<p>a</p><p>b</p><h1>c</h1>", "d"), cells("e", "f")), "a\n\nb\n\nc\n\nd\ne f"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_words_is_read_row_by_row(html: str, text: str) -> None:
    assert to_text(html) == text


def test_code_is_told_apart() -> None:
    text, shaped, _ = text_and_lines("<p>a</p><pre>x\n\n  y</pre><p>b</p>")
    assert text.split("\n") == ["a", "", "x", "", "  y", "", "b"]
    assert shaped == {2, 3, 4}


def test_pictures_have_names() -> None:
    html = '<img src="cid:a%40x"><img src="cid:b" alt="B"><img src="cid:c"><img src="https://x/y">'
    assert text_and_lines(html, {"a@x": "photo.png"})[0] == "[photo.png][B]"


def test_a_signature_names_only_pictures_that_have_words() -> None:
    names = {"a@x": "logo.png"}
    signature = '<div class="moz-signature">Ada<p><b>{}</b></p></div>'
    bare, told = '<img src="cid:a@x">', '<img src="cid:a@x" alt="Ada & Co">'
    assert text_and_lines(f"<p>Hi</p>{bare}{signature.format(bare)}", names)[0].split() == [
        "Hi", "[logo.png]", "Ada",
    ]  # fmt: skip
    assert text_and_lines(signature.format(told), names)[0].split("\n\n") == ["Ada", "[Ada & Co]"]
    linked = f'<a href="https://x.example/">{bare}</a>'
    found = text_and_lines(signature.format(linked), names)[0]
    assert found.endswith("[logo.png] <https://x.example/>")


def test_a_letter_that_joins_nothing_is_part_of_the_spelling() -> None:
    persian = "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert to_text(f"<p>{persian}</p>") == persian
    # Nobody searches with it.
    assert words(f"<p>{persian}</p>") == persian.replace("\u200c", "")


def test_lines_know_how_deep_they_are_quoted() -> None:
    html = (
        "<p>&gt; 5 apples</p><blockquote><p>one</p><p>&gt; two</p>"
        "<blockquote><p>deep</p></blockquote></blockquote><p>end</p>"
    )
    text, _, depths = text_and_lines(html)
    said = [(depths.get(at, 0), line) for at, line in enumerate(text.split("\n"))]
    assert said == [
        (0, "> 5 apples"), (0, ""), (1, "> one"), (1, ">"), (1, "> > two"), (1, ">"),
        (2, "> > deep"), (0, ""), (0, "end"),
    ]  # fmt: skip
