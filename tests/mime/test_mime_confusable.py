"""What looks like something else, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mime.confusable import (
    deceptive_host,
    disguised_words,
    latin_label,
    looks_latin,
    mixed,
    mixed_label,
    script,
    skeleton,
)
from martlet.mime.confusable_letters import LOOKS


@pytest.mark.parametrize(
    "other",
    [
        "раураl",
        "paypa1",
        "PayPaI",
        "ｐａｙｐａｌ",
        "𝐩𝐚𝐲𝐩𝐚𝐥",
        "páypal",
        "ρаypal",
        "ᴘᴀʏᴘᴀʟ",
        "рayраӏ",
    ],
)
def test_alike(other: str) -> None:
    assert skeleton(other) == skeleton("paypal")


@pytest.mark.parametrize(("one", "two"), [("rnicrosoft", "microsoft"), ("vvikipedia", "wikipedia")])
def test_groups(one: str, two: str) -> None:
    assert skeleton(one) == skeleton(two)


@pytest.mark.parametrize(("one", "two"), [("mail", "mall"), ("anna", "hanna"), ("王伟", "王玮")])
def test_not_alike(one: str, two: str) -> None:
    assert skeleton(one) != skeleton(two)


@pytest.mark.parametrize("label", ["pаypal", "аррle", "gοοgle", "microsoſt".replace("ſ", "Ꭲ")])
def test_mixed(label: str) -> None:
    assert mixed(label)


@pytest.mark.parametrize(
    "label",
    [
        "paypal",
        "bücher",
        "яндекс",
        "北京大学abc",
        "ｓｏｎｙソニー",
        "한국mail",
        "مثال",
        "ελλάδα",
        "日本語ノート",
    ],
)
def test_not_mixed(label: str) -> None:
    assert not mixed(label)


@pytest.mark.parametrize("text", ["Раypal Support", "Сбeрбанк", "Anna Веrg", "ΡayΡal"])
def test_disguised(text: str) -> None:
    assert disguised_words(text)


@pytest.mark.parametrize(
    "text",
    ["Вера Росс", "Иван Petrov", "Ωmega", "iPhone-чехол", "ΔX Team", "µTorrent", "ООО Alfa",
     "王伟 Wei", "Κώστας Παπαδόπουλος", "Արամ Խաչատրյան", "Sony ソニー",
     "삼성전자 Samsung", "ＡＮＡ"],
)  # fmt: skip
def test_not_disguised(text: str) -> None:
    assert disguised_words(text) == ()


def test_whole_labels() -> None:
    assert looks_latin("аррӏе")
    assert not looks_latin("apple")
    assert not looks_latin("яндекс")
    assert latin_label("xn--80ak6aa92e.com") == "аррӏе"
    assert latin_label("аррӏе.com") == "аррӏе"
    # Below its own script's ending it is a word.
    assert latin_label("сор.рф") == ""
    assert mixed_label("www.pаypal.com") == "pаypal"
    assert deceptive_host("www.pаypal.com")
    assert not deceptive_host("www.paypal.com")
    assert not deceptive_host("xn--bcher-kva.de")
    assert not deceptive_host("例え.jp")
    assert deceptive_host("google.comノlogin.example.org")


def test_every_look_is_one_letter() -> None:
    assert all(len(look) == 1 and look.isascii() and look.isalnum() for look in LOOKS.values())
    assert all(not char.isascii() for char in LOOKS)


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    skeleton(text)
    disguised_words(text)
    deceptive_host(text)
    looks_latin(text)
    mixed(text)
    for char in text:
        script(char)
