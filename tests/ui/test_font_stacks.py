"""Fonts go out with what may stand in for them, and come back by their own names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.ui.compose.markup.font_stacks import MONO, SANS, SERIF, css, stack
from martlet.ui.compose.markup.html_styles import family_of
from martlet.ui.compose.markup.lines import Line, Run
from martlet.ui.compose.markup.settle import family_name
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.text import fonts


@pytest.mark.parametrize("family", fonts.FAMILIES[1:])
def test_each_that_can_be_chosen_has_one_to_stand_in(family: str) -> None:
    found = stack(family)
    assert found[0] == family
    assert len(found) > 2
    assert found[-1] in (SERIF, SANS, MONO)


@pytest.mark.parametrize(
    ("family", "behind", "kind"),
    [
        ("宋体", "Noto Serif CJK SC", SERIF),
        ("微软雅黑", "PingFang SC", SANS),
        ("Noto Sans CJK SC", "Microsoft YaHei", SANS),
        ("Noto Serif CJK TC", "PMingLiU", SERIF),
        ("微軟正黑體", "Microsoft JhengHei", SANS),
        ("MS Mincho", "Noto Serif CJK JP", SERIF),
        ("Meiryo", "Hiragino Sans", SANS),
        ("맑은 고딕", "Apple SD Gothic Neo", SANS),
        ("Batang", "Noto Serif CJK KR", SERIF),
        ("Fira Code", "Consolas", MONO),
        ("EB Garamond", "Georgia", SERIF),
        ("PT Sans Serif", SANS, SANS),
        ("Inter", SANS, SANS),
    ],
)
def test_of_each_script_and_kind(family: str, behind: str, kind: str) -> None:
    found = stack(family)
    assert found[0] == family
    assert behind in found
    assert found[-1] == kind


def test_none_stands_in_for_itself() -> None:
    assert css("SimSun") == "SimSun,'Songti SC','Noto Serif CJK SC',serif"
    assert css("monospace") == "monospace"
    assert css("") == ""


def test_a_letter_names_them_once() -> None:
    assert write_html([Line((Run("a", family="Georgia"),))]) == (
        "<div><span style=\"font-family:Georgia,'DejaVu Serif','Times New Roman',serif\">a</span>"
        "</div>"
    )


@given(st.text(max_size=70))
def test_any_name_comes_back(name: str) -> None:
    once = family_name(name)
    assert family_of(css(once)) == once
    assert family_name(once) == once
