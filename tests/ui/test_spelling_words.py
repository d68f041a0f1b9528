"""Which words are looked up, and what is judged from them."""

from __future__ import annotations

import unicodedata

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
    assert texts("请看wwwそしてＡｂｃ「ｗｏｒｄ」བོད་སྐད᧞𠀀") == ["www"]


def test_a_chinese_sentence_is_left_beside_an_address_or_code() -> None:
    chinese = "参见README文件和config.yaml吧attachment，写信给ada@recieve.org好吗attached"
    assert texts(chinese) == ["attachment", "attached"]
    assert texts("请看https://recieve.org/recieve谢谢 attachment") == ["attachment"]


def test_code_and_commands_in_a_sentence_are_no_words() -> None:
    odd = (
        "run pip --noconfirm, ./recieve.sh or localhost:8080 with recieve() std::recieve a=recieve"
        " <span class='recieve'> then recieve.org/x?recieve=1&b=recieve, ~/recieve"
    )
    assert texts(odd) == ["run", "pip", "or", "with", "then"]


def test_a_long_paragraph_without_spaces_costs_what_it_is_long() -> None:
    # Were anything of it looked at over and over, this would not end: no key could be pressed.
    for each in ("我们明天去开会", "abc", "a'", "x\\", "a:", "://", "`", "{{", "<a"):
        assert not words_of(each * 50_000)
    assert len(words_of("abc-" * 50_000)) == 50_000


def test_other_alphabets_have() -> None:
    assert texts("Привет мир, שלום, Γειά σου, cafe\u0301") == [
        "Привет", "мир", "שלום", "Γειά", "σου", "café",
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


def test_a_word_of_another_alphabet_is_not_asked_of_a_dictionary() -> None:
    asked = set[str]()

    def heard(_language: str, word: str) -> bool:
        asked.add(word)
        return False

    found = judge("Привет, как дела", ("en_US", "zh_CN"), heard)
    assert not found.wrong
    assert found.language == ""
    assert not asked
    assert judge("Привет", ("en_US", "ru_RU"), heard).wrong
    assert asked == {"Привет"}
    assert [word.text for word in judge("wrod мир", ("sr", "uk"), heard).wrong] == ["wrod", "мир"]


def test_each_alphabet_of_a_paragraph_has_its_language() -> None:
    def known(language: str, word: str) -> bool:
        return word in {"ru": ("мир", "здесь", "хорошо"), "en": ("friend", "mine")}[language]

    text = "мир хорошо здесь, хорошо здесь привед: friend mine freind mine friend"
    found = judge(text, ("en", "ru"), known)
    assert [word.text for word in found.wrong] == ["привед", "freind"]
    assert found.language == "ru"


def test_some_words_of_another_language_in_a_row_are_meant() -> None:
    sentence = "der Brief ist hier und wurde von einem guten Freund geschrieben"
    assert wrong(f"{sentence}, a good friend of mine") == []
    assert wrong(f"{sentence}, a god friend of mine") == ["god"]
    assert wrong(f"{sentence} by friend") == ["by", "friend"]


@given(st.text(max_size=200))
def test_words_lie_in_the_text_in_order(text: str) -> None:
    at = 0
    for word in words_of(text):
        assert word.start >= at
        there = text[word.start : word.start + word.length].replace("\u2019", "'")
        assert unicodedata.normalize("NFC", there) == word.text
        at = word.start + word.length


@given(st.text(max_size=60), st.data())
def test_places_are_counted_as_qt_counts(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    there = utf16(text, index)
    assert there == len(text[:index].encode("utf-16-le", "surrogatepass")) // 2
    assert code_point(text, there) == index
