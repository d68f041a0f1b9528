"""Headers that go into the index later than into lists."""

from __future__ import annotations

from martlet.mail.message import Content, Envelope
from martlet.mail.sync import Arrival
from martlet.store import mailbox, text_index
from martlet.store.reader import Reader
from support.stores import Store

NONE: frozenset[str] = frozenset()


def test_many_headers_are_found_once_they_are_indexed(store: Store) -> None:
    arrivals = [Arrival(n, Envelope(f"harbour {n} 季度预算", date=float(n))) for n in range(1, 31)]
    with store.db.write() as tx:
        ids = mailbox.add_many(tx, store.inbox, arrivals, index=False)
    reader = Reader(store.root)
    assert len(reader.page(store.inbox, None, 99)) == 30
    assert reader.search_count("harbour") == 0
    with store.db.write() as tx:
        mailbox.set_body(tx, ids[0], arrivals[0].envelope, Content("", "lighthouse", 0), "b" * 64)
        assert text_index.headers(tx, 20) == 20
        assert text_index.headers(tx, 20) == 9
        assert text_index.headers(tx, 20) == 0
    assert reader.search_count("harbour") == reader.search_count("预算") == 30
    assert reader.search_count("lighthouse") == 1


def test_one_that_is_gone_before_it_was_indexed_leaves_nothing(store: Store) -> None:
    with store.db.write() as tx:
        mailbox.add_many(tx, store.inbox, [Arrival(1, Envelope("harbour"))], index=False)
        mailbox.remove_uids(tx, store.inbox, [1])
        assert text_index.headers(tx, 20) == 0
    assert Reader(store.root).search_count("harbour") == 0
