"""A letter's own words, and whether they promise an attachment, in many languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.letter import own_text, promise, promises_attachment


@pytest.mark.parametrize(
    "text",
    ["Please find attached the figures.", "Im Anhang die Zahlen.", "anbei das Angebot",
     "请见附件。", "詳見附檔"],
)  # fmt: skip
def test_promises(text: str) -> None:
    assert promises_attachment(text)


@pytest.mark.parametrize(
    "text",
    ["I am fond of you.", "Yes.\n\nAnna wrote:\n> see the attachment", "Hi\n-- \nattached to none"],
)
def test_no_promise(text: str) -> None:
    assert not promises_attachment(text)


def test_own_text_leaves_quotes_and_their_announcement_out() -> None:
    text = "Hello\n\nOn Monday Anna wrote:\n> hi\n\nyes\n-- \nTom"
    assert own_text(text).split() == ["Hello", "yes"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ci-joint le rapport", "Ci-joint"), ("les pièces jointes", "pièces jointes"),
        ("Adjunto el informe", "Adjunto"), ("In allegato trovi", "In allegato"),
        ("Segue em anexo", "em anexo"), ("In de bijlage", "bijlage"),
        ("Во вложении отчёт", "Во вложении"), ("資料を添付します", "添付"),
        ("W załączniku plan", "załączniku"), ("Bifogat finns planen", "Bifogat"),
        ("Dosya ektedir", "ektedir"), ("No attachment? It is attached.", "attached"),
    ],
)  # fmt: skip
def test_promises_in_other_languages(text: str, word: str) -> None:
    assert promise(text) == word


@pytest.mark.parametrize(
    "text", ["without attachment", "Diesmal ohne Anhang", "没有附件", "unattached"]
)
def test_what_is_denied_is_no_promise(text: str) -> None:
    assert promise(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "I attach the minutes.", "I’ve attached it", "The file is attached to this mail",
        "see enclosed",
        "Ich füge die Datei bei.", "Gern hänge ich dir das Protokoll an", "siehe Anlage",
        "im Anhang",
        "je vous joins le rapport", "Le document attaché", "ci joint", "vous trouverez ci-jointe",
        "Te lo adjunté ayer", "Se adjunta", "файл прикреплён", "Прилагается отчёт", "приложил файл",
        "报告已附", "随附发票", "附发票一张", "如附", "檢附資料", "隨信附上", "請參閱附件",
        "ご査収ください", "資料をお送りします", "첨부합니다", "v příloze",
        "I forgot the attachment",
    ],
)  # fmt: skip
def test_promises_of_people(text: str) -> None:
    assert promise(text)


@pytest.mark.parametrize(
    "text",
    [
        "I feel attached to this place", "very attached to you",
        "Thanks for the attachment you sent",
        "your attachment could not be opened", "I got your attachment", "The attachment is missing",
        "The attachment didn't open", "Ihr Anhang fehlt", "dein Anhang", "Der Anhang fehlt",
        "Die Anlage im Garten", "pas de pièce jointe", "sans pièce jointe", "votre pièce jointe",
        "sin adjunto", "tu adjunto no se abre", "нет вложения", "вложений нет", "ваше вложение",
        "приложение для телефона", "附近的餐厅", "如附近", "不带附件", "收到你的附件了",
        "附件打不开",
        "你发的附件", "无附件", "添付なし", "添付ファイルはありません", "添付ファイルが開けません",
    ],
)  # fmt: skip
def test_what_is_no_promise_of_ones_own(text: str) -> None:
    assert promise(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Re: the attached figures\nThanks!", "回复：附件\n好的", "AW[2]: Anhang\nDanke",
        "FYI\n\n-------- Forwarded message --------\nSubject: x\n\nPlease find attached",
        "Yes.\n\n-----Original Message-----\nFrom: a\n\nattached",
        "Hi\n--\nAttachments are scanned", "Hi\n-- \nattached",
        "Am Montag schrieb Anna:\n> im Anhang\n>> attached\n\nDanke",
    ],
)  # fmt: skip
def test_the_words_of_others_promise_nothing(text: str) -> None:
    assert promise(text) == ""


def test_a_subject_of_ones_own_counts() -> None:
    assert promise("Attached: the figures\nHi") == "Attached"
    assert promise("Re: figures\nattached now") == "attached"


@given(st.text(alphabet="attached hänge füge bei -\n>附件没Re:", max_size=300))
def test_any_letter_is_read(text: str) -> None:
    assert promise(text) in own_text(text)
