"""Which words are looked up, and what is judged from them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from martlet.ui.compose.spelling.judging import judge
from martlet.ui.compose.spelling.words import words_of
from martlet.ui.compose.text.places16 import code_point, utf16

KNOWN = {
    "en": frozenset(
        [
            "the",
            "letter",
            "is",
            "here",
            "and",
            "was",
            "written",
            "by",
            "a",
            "good",
            "friend",
            "of",
            "mine",
            "don't",
        ]
    ),
    "de": frozenset(
        [
            "der",
            "brief",
            "ist",
            "hier",
            "und",
            "wurde",
            "von",
            "einem",
            "guten",
            "freund",
            "geschrieben",
        ]
    ),
}


def verdict(language: str, word: str) -> bool | None:
    return word.casefold() in KNOWN[language]


def texts(text: str) -> list[str]:
    return [word.text for word in words_of(text)]


def wrong(text: str) -> list[str]:
    return [word.text for word in judge(text, ("en", "de"), verdict).wrong]


def test_words_are_those_of_sentences() -> None:
    assert texts("Don’t “stop” now, it's late–really; well-known") == [
        "Don't", "stop", "now", "it's", "late", "really", "well", "known",
    ]  # fmt: skip


def test_what_is_no_word_is_left_alone() -> None:
    odd = (
        "see https://example.org/recieve?a=b and anna.recieve@example.org or www.recieve.org,"
        " /usr/lib/recieve.so C:\\recieve my_recieve file.recieve $RECIEVE #recieve @recieve"
        " {{to.recieve}} `recieve` IMAP iPhone x86 1st 3pm recieveX a"
    )
    assert texts(odd) == ["see", "and", "or", "my"][:3]


def test_chinese_japanese_korean_and_thai_have_no_words() -> None:
    assert texts("请看attachment文件，谢谢。ファイル 파일 ภาษาไทย") == ["attachment"]


def test_other_alphabets_have() -> None:
    assert texts("Привет мир, שלום, Γειά σου, cafe\u0301") == [
        "Привет", "мир", "שלום", "Γειά", "σου", "cafe\u0301",
    ]  # fmt: skip


def test_a_paragraph_is_judged_in_its_language() -> None:
    assert wrong("the lettr is here and was written") == ["lettr"]
    assert wrong("der Breif ist hier und wurde geschrieben") == ["Breif"]
    # "the" is no word of that paragraph's language.
    assert wrong("the Brief ist hier und wurde geschrieben") == ["the"]


def test_in_few_words_any_language_will_do() -> None:
    assert wrong("the Brief") == []
    assert wrong("the Breif") == ["Breif"]


def test_a_paragraph_in_another_language_is_not_marked() -> None:
    found = judge("la lettre est ici et un ami bon", ("en", "de"), verdict)
    assert found.language == ""
    assert not found.wrong


def test_what_is_not_looked_up_yet_is_not_marked() -> None:
    found = judge("the lettr is here", ("en",), lambda _language, _word: None)
    assert not found.wrong
    assert set(found.unknown) == {"the", "lettr", "is", "here"}


@given(st.text(max_size=200))
def test_words_lie_in_the_text_in_order(text: str) -> None:
    at = 0
    for word in words_of(text):
        assert word.start >= at
        assert text[word.start : word.start + word.length].replace("\u2019", "'") == word.text
        at = word.start + word.length


@given(st.text(max_size=60), st.data())
def test_places_are_counted_as_qt_counts(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    there = utf16(text, index)
    assert there == len(text[:index].encode("utf-16-le", "surrogatepass")) // 2
    assert code_point(text, there) == index
