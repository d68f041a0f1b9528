"""Reports of delivery: standard ones, bounces in words, and bytes of any kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.report import Action, Fate, Report
from martlet.mime.parse import parse
from martlet.mime.report import report_of

ID = "<sent.1@example.org>"
RETURNED = f"From: ada@example.org\nTo: Bruno <bruno@far.example>\nMessage-ID: {ID}\nSubject: Hi\n"


def read(raw: str) -> Report | None:
    return report_of(parse(raw.replace("\n", "\r\n").encode("utf-8")))


def dsn(
    status: str,
    kind: str = "message/delivery-status",
    back: str = "text/rfc822-headers",
    head: str = "From: MAILER-DAEMON@mail.far.example\nSubject: Undelivered Mail\n",
) -> str:
    return (
        f"{head}MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nI am sorry.\n\n"
        f"--b\nContent-Type: {kind}\n\n{status}\n"
        f"--b\nContent-Type: {back}\n\n{RETURNED}\nbody\n--b--\n"
    )


POSTFIX = """Reporting-MTA: dns; mail.far.example
X-Postfix-Queue-ID: 4WQ1
Arrival-Date: Sat, 21 Nov 2026 16:00:00 +0000 (UTC)
Original-Envelope-Id: abc123

Final-Recipient: rfc822; bruno@inner.far.example
Original-Recipient: rfc822;bruno@far.example
Action: failed
Status: 5.2.2
Remote-MTA: dns; mx.far.example
Diagnostic-Code: smtp; 552 5.2.2 Mailbox full,
    try again later
"""


@pytest.mark.parametrize("back", ["text/rfc822-headers", "message/rfc822", "message/global"])
def test_a_failure_as_postfix_writes_it(back: str) -> None:
    said = "552 5.2.2 Mailbox full, try again later"
    fate = Fate("bruno@far.example", Action.FAILED, "5.2.2", said)
    assert read(dsn(POSTFIX, back=back)) == Report(ID, "abc123", (fate,), "mail.far.example")


@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [
        ("Delayed (will be retried)", "4.4.1", Action.DELAYED),
        ("relayed", "2.0.0", Action.RELAYED),
        ("EXPANDED", "2.0.0", Action.EXPANDED),
        ("delivered", "2.1.5", Action.DELIVERED),
        ("", "5.1.1", Action.FAILED),
        ("bounced", "4.2.2", Action.DELAYED),
    ],
)
def test_what_was_done(action: str, status: str, expected: Action) -> None:
    text = f"Final-Recipient: rfc822;b@x.example\nAction: {action}\nStatus: {status}\n"
    found = read(dsn(text))
    assert found is not None
    assert [(one.action, one.status) for one in found.fates] == [(expected, status)]


def test_several_recipients_and_a_closer_code() -> None:
    text = (
        "Reporting-MTA: dns; a.example\n\n"
        "Final-Recipient: rfc822;<one@x.example>\nAction: failed\nStatus: 5.0.0\n"
        "Diagnostic-Code: smtp; 550-5.1.1 no such user\n\n\n"
        "Final-Recipient: utf-8;\\x{4E01}@x.example\nAction: failed\nStatus: 5.6.7\n\n"
        "Final-Recipient: x400; /c=de/\nAction: failed\nStatus: 5.1.1\n\n"
        "Final-Recipient: rfc822; system\nAction: failed\nStatus: 5.1.1\n"
    )
    found = read(dsn(text, "message/global-delivery-status"))
    assert found is not None
    assert [(one.recipient, one.status) for one in found.fates] == [
        ("one@x.example", "5.1.1"),
        ("丁@x.example", "5.6.7"),
    ]


def test_words_of_a_server_are_one_printable_line() -> None:
    text = (
        "Final-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\n"
        f"Diagnostic-Code: smtp; 550 \x1b[31m\u202ered\u202c {'x' * 5000}\n"
    )
    found = read(dsn(text))
    assert found is not None
    (fate,) = found.fates
    assert fate.said.isprintable()
    assert len(fate.said) <= 300


def test_it_was_read() -> None:
    raw = (
        "From: bruno@far.example\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt was shown.\n"
        "--b\nContent-Type: message/disposition-notification\n\n"
        "Reporting-UA: pc.far.example; Other 1.0\nFinal-Recipient: rfc822;bruno@far.example\n"
        f"Original-Message-ID: {ID}\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n"
    )
    found = read(raw)
    assert found is not None
    assert found.message_id == ID
    assert found.fates == (Fate("bruno@far.example", Action.DELIVERED, read=True),)
    assert read(raw.replace("displayed", "denied")) is None


QMAIL = f"""From: MAILER-DAEMON@mail.far.example
To: ada@example.org
Subject: failure notice

Hi. This is the qmail-send program at mail.far.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<bruno@far.example>:
Sorry, no mailbox here by that name. (#5.1.1)

<carla@far.example>:
10.0.0.1 does not like recipient.
Remote host said: 552 5.2.2 over quota
Giving up on 10.0.0.1.

--- Below this line is a copy of the message.

Return-Path: <ada@example.org>
{RETURNED}
Message-ID: <other@x>
text
"""


def test_qmail() -> None:
    found = read(QMAIL)
    assert found is not None
    assert (found.message_id, found.reporter) == (ID, "mail.far.example")
    assert [(one.recipient, one.action, one.status, one.said) for one in found.fates] == [
        (
            "bruno@far.example",
            Action.FAILED,
            "5.1.1",
            "Sorry, no mailbox here by that name. (#5.1.1)",
        ),
        ("carla@far.example", Action.FAILED, "5.2.2", "Remote host said: 552 5.2.2 over quota"),
    ]


EXIM = f"""X-Failed-Recipients: bruno@far.example
From: Mail Delivery System <Mailer-Daemon@host.example>
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  bruno@far.example
    SMTP error from remote mail server after RCPT TO:<bruno@far.example>:
    550 5.7.1 Rejected for policy reasons

------ This is a copy of the message, including all the headers. ------

{RETURNED}
text
"""

EXCHANGE = f"""From: MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@corp.example
Subject: Undeliverable: Hi

Delivery has failed to these recipients or groups:

bruno@far.example
The address you typed was not found.

Diagnostic information for administrators:

Generating server: ex1.corp.example

bruno@far.example
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##

Original message headers:

{RETURNED}
"""

CHINESE = f"""From: PostMaster <postmaster@163.com>
Subject: 系统退信
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>抱歉，您的邮件被退回来了……</p><p>收件人邮件地址（bruno@far.example）不存在</p>
<p>550 5.1.1 User unknown</p>
--b
Content-Type: message/rfc822

{RETURNED}
text
--b--
"""


@pytest.mark.parametrize(
    ("raw", "status"), [(EXIM, "5.7.1"), (EXCHANGE, "5.1.1"), (CHINESE, "5.1.1")]
)
def test_bounces_in_words(raw: str, status: str) -> None:
    found = read(raw)
    assert found is not None
    assert found.message_id == ID
    assert [(one.recipient, one.action, one.status) for one in found.fates] == [
        ("bruno@far.example", Action.FAILED, status)
    ]


def test_a_bounce_that_names_the_mail_as_an_answer_would() -> None:
    raw = CHINESE.split("--b\nContent-Type: message/rfc822")[0] + "--b--\n"
    assert read(raw) is None
    found = read(raw.replace("Subject:", f"In-Reply-To: {ID}\nSubject:"))
    assert found is not None
    assert (found.message_id, found.certain) == (ID, False)
    assert [(one.recipient, one.status) for one in found.fates] == [("bruno@far.example", "5.1.1")]


def test_what_is_no_bounce() -> None:
    assert read(f"From: postmaster@x.example\nSubject: New server\n\n{RETURNED}\n") is None
    assert read(f"From: bruno@far.example\nSubject: Undelivered Mail\n\n{RETURNED}\n") is None
    assert read(QMAIL.replace("MAILER-DAEMON", "bruno")) is None
    assert read(dsn("Final-Recipient: rfc822; b@x.example\nAction: odd\n")) is None
    assert read("From: MAILER-DAEMON@x\nSubject: Undelivered Mail\n\nno id\n") is None


def test_a_postmaster_who_answers_writes_no_bounce() -> None:
    text = "On Monday you wrote to postmaster@x.example:\n> Mail does not come through.\n"
    head = f"From: Jo <postmaster@x.example>\nIn-Reply-To: {ID}\n"
    assert read(f"{head}Subject: Re: Mail delivery problem\n\n{text}") is None
    assert read(f"{head}Subject: Mail delivery problem\n\n{text}") is not None


@given(st.binary(max_size=400))
def test_any_delivery_status(status: bytes) -> None:
    before, after = dsn("@@@").encode().split(b"@@@")
    report_of(parse(before + status + after))


@given(st.lists(st.sampled_from(POSTFIX.encode().split()), max_size=60), st.binary(max_size=40))
def test_any_order_of_words(words: list[bytes], noise: bytes) -> None:
    before, after = dsn("@@@").encode().split(b"@@@")
    report_of(parse(before + b"\n".join([*words, noise]) + after))


@given(st.text(max_size=300))
def test_any_words_of_a_daemon(text: str) -> None:
    for raw in (QMAIL, EXIM, CHINESE):
        head, body = raw.split("\n\n", 1)
        whole = f"{head}\n\n{text}\n{body}".encode("utf-8", "replace")
        report_of(parse(whole))
        report_of(parse(whole[: len(whole) // 2]))
