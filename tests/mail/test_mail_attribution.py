"""The line above a quotation, in every language: one line, known again as such."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.attribution import LANGUAGES, attribution, forward_line, words_of
from martlet.mail.letter import own_text

WHEN = datetime(2026, 3, 9, 7, 5)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "On 9 Mar 2026 at 07:05, Anna wrote:"),
        ("en-US", "On 9 Mar 2026 at 07:05, Anna wrote:"),
        ("de_AT", "Am 09.03.2026 um 07:05 schrieb Anna:"),
        ("fr", "Le 09/03/2026 à 07:05, Anna a écrit :"),
        ("fi", "Anna kirjoitti 9.3.2026 klo 07.05:"),
        ("zh", "Anna 于 2026年3月9日 07:05 写道："),
        ("zh-TW", "Anna 於 2026年3月9日 07:05 寫道："),
        ("zh_Hant_HK", "Anna 於 2026年3月9日 07:05 寫道："),
        ("ja", "2026/03/09 07:05、Annaさんは書きました:"),
        ("nn", "Den 09.03.2026 kl. 07:05 skrev Anna:"),
        ("pt-BR", "Em 09/03/2026 às 07:05, Anna escreveu:"),
        ("xx", "On 9 Mar 2026 at 07:05, Anna wrote:"),
        ("", "On 9 Mar 2026 at 07:05, Anna wrote:"),
    ],
)
def test_who_wrote_when(language: str, line: str) -> None:
    assert attribution(language, "Anna", WHEN) == line


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_known_again(language: str) -> None:
    for when in (WHEN, None):
        said = attribution(language, "Anna Berg", when)
        assert "Anna Berg" in said
        assert own_text(f"Yes\n\n{said}\n> Hi\n> there").split() == ["Yes"]
    assert forward_line(language).startswith("-------- ")
    words = words_of(language)
    assert len({words.subject, words.sent, words.sender, words.to, words.cc}) == 5


@given(st.sampled_from(LANGUAGES), st.text(max_size=500), st.none() | st.datetimes())
def test_whatever_somebody_is_called_it_is_one_line(
    language: str, who: str, when: datetime | None
) -> None:
    said = attribution(language, who, when)
    assert len(said.splitlines()) == 1
    assert len(said) < 150
    assert said.endswith((":", "："))


def test_a_name_is_no_word_to_be_filled_in() -> None:
    assert attribution("en", "{{salary}}", None) == "{ {salary}} wrote:"
