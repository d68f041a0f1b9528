"""What the links of a message say of its sender: each in the words that fit it."""

from __future__ import annotations

from martlet.mail.sender_facts import FactKind, SenderFact, Weight, sentence_of
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.html import sanitise
from martlet.mime.sender_around import around


def of_links(html: str) -> list[SenderFact]:
    headers = parse_headers(b"From: ada@example.org\r\n\r\n")
    return around(envelope(headers), headers, sanitise(html, lambda _: None).links)


def test_a_link_to_a_number_hides_nothing() -> None:
    (fact,) = of_links("<a href='http://127.0.0.1/pay'>the offer</a>")
    assert (fact.kind, fact.weight) == (FactKind.NUMBER_LINK, Weight.CAUTION)
    assert sentence_of(fact) == "A link leads to a number instead of a name: 127.0.0.1."


def test_what_hides_its_host_is_said_to() -> None:
    for href in ("https://bank.com%20@evil.example/", "https://b\u0430nk.com/"):
        (fact,) = of_links(f"<a href='{href}'>the offer</a>")
        assert (fact.kind, fact.weight) == (FactKind.ODD_LINKS, Weight.WARNING)
        assert sentence_of(fact).startswith("Links hide where they lead")


def test_both_are_told_the_worse_first() -> None:
    found = of_links(
        "<a href='http://10.0.0.1/'>one</a><a href='https://bank.com@evil.example/'>two</a>"
    )
    assert [fact.kind for fact in found] == [FactKind.ODD_LINKS, FactKind.NUMBER_LINK]
    assert found[0].values == ("evil.example",)
