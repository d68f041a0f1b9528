"""Paragraphs broken at a fixed width come together; everything else stays as it was written."""

from __future__ import annotations

from martlet.ui.unwrap import unwrap


def plain(text: str) -> list[str]:
    return [line for _level, line in unwrap([(0, each) for each in text.split("\n")])]


def test_prose_is_put_together() -> None:
    text = (
        "Ten o'clock at the pier, bread and cheese both. Here is how she looked last\n"
        "summer, so that you know which boat to look for: the one with the patched\n"
        "sail.\n\nMira"
    )
    assert plain(text) == [text.split("\n\n")[0].replace("\n", " "), "", "Mira"]


def test_verses_lists_tables_and_signatures_stay() -> None:
    for text in (
        "The sea is calm tonight.\nThe tide is full, the moon lies fair\nUpon the straits;",
        "Please bring along for the weekend, if you have room in the car for them:\n"
        "- a lantern\n- two blankets\n1. and the map of the coast",
        "name          amount          what for and when it was ordered by whom   x\n"
        "Robin         12.50           bread",
        "    if the_line_is_code_and_begins_with_spaces and stays_as_it_is_written:\n    pass",
        "-- \nA signature with a line so long that it would be taken for a paragraph one\nnext",
    ):
        assert plain(text) == text.split("\n")


def test_text_that_was_never_broken_stays() -> None:
    text = "A paragraph in one line that is as long as paragraphs are when nobody breaks them. " * 2
    assert plain(f"{text}\nAnother one.") == [text, "Another one."]


def test_quotes_are_put_together_at_their_own_level() -> None:
    first = (1, "the forecast says south-west four and sun until the evening. The boat is in")
    second = (1, "the water since Tuesday.")
    answer = (0, "Gladly!")
    assert unwrap([first, second, answer]) == [(1, f"{first[1]} {second[1]}"), answer]


def test_a_compound_broken_at_its_hyphen_gets_no_gap() -> None:
    text = "This is what happens to a word like this one when there is no room for south-\nwest."
    assert plain(text) == [text.replace("\n", "")]
