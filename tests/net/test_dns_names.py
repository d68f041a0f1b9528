"""What a name server says about a domain's mail, and what it may say instead."""

from __future__ import annotations

import pytest

from martlet.mail.errors import Offline
from martlet.mail.server import Protocol, Security
from martlet.net.dns import NameServer, Service
from support.names import Names

IMAP, POP3, SMTP = Protocol.IMAP, Protocol.POP3, Protocol.SMTP
TLS, STARTTLS = Security.TLS, Security.STARTTLS


def srv(label: str) -> tuple[str, str]:
    return (f"{label}._tcp.example.org", "SRV")


def test_services_of_a_domain() -> None:
    records = {
        srv("_imap"): ["0 1 143 imap.example.org."],
        srv("_imaps"): ["0 1 993 IMAP.example.org."],
        srv("_pop3s"): ["0 1 995 pop.example.org."],
        srv("_submission"): ["0 1 587 smtp.example.org."],
        srv("_submissions"): ["0 1 465 smtp.example.org."],
    }
    with Names(records) as names:
        found = NameServer(names.place).services("example.org")
    assert found == (
        Service(IMAP, "imap.example.org", 993, TLS),
        Service(IMAP, "imap.example.org", 143, STARTTLS),
        Service(POP3, "pop.example.org", 995, TLS),
        Service(SMTP, "smtp.example.org", 465, TLS),
        Service(SMTP, "smtp.example.org", 587, STARTTLS),
    )
    assert set(names.asked) == {
        srv(label)
        for label in ("_imap", "_imaps", "_pop3", "_pop3s", "_submission", "_submissions")
    }


def test_priority_goes_before_security_and_weight_decides_last() -> None:
    records = {
        srv("_imaps"): ["20 0 993 late.example.org.", "10 5 993 b.example.org.",
                        "10 9 993 a.example.org."],
        srv("_imap"): ["5 0 143 first.example.org."],
    }  # fmt: skip
    with Names(records) as names:
        found = NameServer(names.place).services("example.org")
    assert [one.host.partition(".")[0] for one in found] == ["first", "a", "b", "late"]


def test_a_dot_says_that_there_is_none() -> None:
    with Names({srv("_pop3s"): ["0 0 0 ."], srv("_imaps"): ["0 1 993 i.example.org."]}) as names:
        found = NameServer(names.place).services("example.org")
    assert [one.protocol for one in found] == [IMAP]


@pytest.mark.parametrize(
    "record",
    ["0 0 0 imap.example.org.", r"0 0 993 a\010b.example.org.", r"0 0 993 a\032b.example.org.",
     r"0 0 993 \255.example.org.", "0 0 993 1.2.3.", r"0 0 993 a\.b@evil.example.org."],
)  # fmt: skip
def test_what_can_be_no_server_is_left_out(record: str) -> None:
    with Names({srv("_imaps"): [record]}) as names:
        assert NameServer(names.place).services("example.org") == ()


def test_hosts_that_take_the_mail() -> None:
    records = {("example.org", "MX"): ["20 b.example.net.", "10 A.example.net.", "0 ."]}
    with Names(records) as names:
        assert NameServer(names.place).mail_hosts("example.org") == (
            "a.example.net", "b.example.net",
        )  # fmt: skip


def test_a_domain_that_is_not_or_has_no_such_record() -> None:
    with Names({("example.org", "A"): ["192.0.2.1"]}) as names:
        server = NameServer(names.place)
        assert server.mail_hosts("example.org") == ()
        assert server.mail_hosts("nowhere.example") == ()


def test_a_name_too_long_to_ask_for() -> None:
    with Names({}) as names, pytest.raises(Offline):
        NameServer(names.place).mail_hosts(".".join(["a" * 60] * 6))


@pytest.mark.parametrize("raw", [b"", b"\xff" * 30, bytes(10)])
def test_an_answer_that_is_none(raw: bytes) -> None:
    with Names({}, raw=raw) as names, pytest.raises(Offline, match="gave no answer"):
        NameServer(names.place, timeout_s=0.3).mail_hosts("example.org")


def test_a_name_server_that_says_nothing() -> None:
    with Names({}, silent=True) as names, pytest.raises(Offline, match="gave no answer"):
        NameServer(names.place, timeout_s=0.3).services("example.org")
    assert len(set(names.asked)) == 1  # the others are not waited for one by one
