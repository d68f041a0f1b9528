"""The demo's mail host as other people's clients see it: imaplib, poplib and smtplib."""

from __future__ import annotations

import email
import imaplib
import poplib
import re
import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from martlet import demo

ME = "robin@example.org"


@pytest.fixture(scope="module")
def host() -> Iterator[demo.Demo]:
    running = demo.start()
    yield running
    running.stop()


@pytest.fixture
def imap(host: demo.Demo) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4("127.0.0.1", host.imap, timeout=20) as client:
        client.login(host.user, host.password)
        yield client


@pytest.fixture
def scratch(imap: imaplib.IMAP4) -> Iterator[str]:
    """A folder with three letters, which goes with the test."""
    imap.create("Scratch")
    for number in range(1, 4):
        raw = f"Subject: number {number}\r\nMessage-ID: <{number}@x>\r\n\r\nbody {number}\r\n"
        imap.append("Scratch", r"(\Seen)" if number == 1 else "", "", raw.encode())
    imap.select("Scratch")
    yield "Scratch"
    imap.select("INBOX")
    imap.delete("Scratch")


def uid(imap: imaplib.IMAP4, *args: str) -> list[bytes]:
    status, data = imap.uid(*args)
    assert status == "OK"
    return [part for item in data for part in (item if isinstance(item, tuple) else [item]) if part]


def send(host: demo.Demo, to: str, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = ME, to, subject
    message.set_content("hello\n.leading dot\n")
    with smtplib.SMTP("127.0.0.1", host.smtp, timeout=20) as client:
        client.login(host.user, host.password)
        assert client.send_message(message) == {}


def test_folders_have_their_uses(imap: imaplib.IMAP4) -> None:
    _, lines = imap.list()
    listed = b"\n".join(line for line in lines if isinstance(line, bytes))
    for name in ("Drafts", "Sent", "Archive", "Junk", "Trash"):
        assert re.search(rb"\\%b[^\n]*\"%b\"" % (name.encode(), name.encode()), listed)
    assert b'"&ZcWITA-"' in listed  # 旅行
    assert b'"Projects/Lighthouse"' in listed
    _, subscribed = imap.lsub()
    assert len(subscribed) == len(lines)
    typ, data = imap.status("INBOX", "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN)")
    assert typ == "OK"
    assert b"UIDVALIDITY" in (data[0] or b"")


def test_wrong_password_is_refused_everywhere(host: demo.Demo) -> None:
    client = imaplib.IMAP4("127.0.0.1", host.imap, timeout=20)
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        client.login(host.user, "wrong")
    client.logout()
    pop = poplib.POP3("127.0.0.1", host.pop3, timeout=20)
    pop.user(host.user)
    with pytest.raises(poplib.error_proto):
        pop.pass_("wrong")
    pop.quit()
    with smtplib.SMTP("127.0.0.1", host.smtp, timeout=20) as smtp:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login(host.user, "wrong")
        assert smtp.mail(ME)[0] == 530


def test_authenticate_plain(host: demo.Demo) -> None:
    with imaplib.IMAP4("127.0.0.1", host.imap, timeout=20) as client:
        answer = f"\0{host.user}\0{host.password}".encode()
        assert client.authenticate("PLAIN", lambda _: answer)[0] == "OK"
        assert client.select("INBOX", readonly=True)[0] == "OK"


def test_every_letter_is_whole(imap: imaplib.IMAP4) -> None:
    imap.select("INBOX", readonly=True)
    rows = uid(imap, "FETCH", "1:*", "(FLAGS RFC822.SIZE INTERNALDATE ENVELOPE BODYSTRUCTURE)")
    whole = uid(imap, "FETCH", "1:*", "(RFC822.SIZE BODY.PEEK[])")
    assert b"ENVELOPE" in b"".join(rows)
    raws = [part for part in whole if b"\r\nMessage-ID: " in part]
    sizes = [int(found) for found in re.findall(rb"RFC822.SIZE (\d+)", b" ".join(whole))]
    assert [len(raw) for raw in raws] == sizes[: len(raws)]
    assert len(raws) >= 30


def test_sections_agree_with_the_stdlib(imap: imaplib.IMAP4) -> None:
    imap.select("INBOX", readonly=True)
    checked = 0
    for number in uid(imap, "SEARCH", "ALL")[0].split():
        one = number.decode()
        raw = next(p for p in uid(imap, "FETCH", one, "(BODY.PEEK[])") if b"\r\n\r\n" in p)
        parsed = email.message_from_bytes(raw)
        if not parsed.is_multipart() or parsed.defects:
            continue
        for index, part in enumerate(parsed.get_payload(), 1):
            answer = uid(imap, "FETCH", one, f"(BODY.PEEK[{index}.MIME] BODY.PEEK[{index}])")
            assert isinstance(part, email.message.Message)
            if not part.is_multipart():
                payload = part.get_payload()
                assert isinstance(payload, str)
                assert answer[3].decode("latin-1").strip() == payload.strip()
                checked += 1
    assert checked > 5


def test_header_fields_and_partial(imap: imaplib.IMAP4, scratch: str) -> None:
    fields = uid(imap, "FETCH", "1", "(BODY.PEEK[HEADER.FIELDS (Subject)])")
    assert fields[0] == b"1 (UID 1 BODY[HEADER.FIELDS (SUBJECT)] {21}"
    assert fields[1] == b"Subject: number 1\r\n\r\n"
    assert uid(imap, "FETCH", "1", "(BODY.PEEK[TEXT]<2.3>)")[1] == b"dy "


def test_flags_and_search(imap: imaplib.IMAP4, scratch: str) -> None:
    assert uid(imap, "SEARCH", "UNSEEN") == [b"2 3"]
    assert uid(imap, "SEARCH", "HEADER", "Message-ID", "<2@x>") == [b"2"]
    assert uid(imap, "SEARCH", "UID", "2:*", "NOT", "SUBJECT", '"number 3"') == [b"2"]
    uid(imap, "STORE", "2:3", "+FLAGS.SILENT", r"(\seen $Label)")
    assert uid(imap, "SEARCH", "UNSEEN") == []
    assert uid(imap, "SEARCH", "KEYWORD", "$Label") == [b"2 3"]
    uid(imap, "FETCH", "2", "(BODY[])")
    assert rb"\Seen" in uid(imap, "FETCH", "2", "(FLAGS)")[0]


def test_copy_move_and_uid_expunge(imap: imaplib.IMAP4, scratch: str) -> None:
    imap.create("Scratch/Below")
    _, _ = imap.uid("COPY", "1,3", "Scratch/Below")
    assert re.search(r"\d+ 1,3 1:2", str(imap.untagged_responses.pop("COPYUID")))
    _, _ = imap.uid("MOVE", "2", "Scratch/Below")
    assert uid(imap, "SEARCH", "ALL") == [b"1 3"]
    uid(imap, "STORE", "1:3", "+FLAGS", r"(\Deleted)")
    uid(imap, "EXPUNGE", "3")
    assert uid(imap, "SEARCH", "ALL") == [b"1"]
    assert imap.rename("Scratch/Below", "Renamed")[0] == "OK"
    imap.select("Renamed")
    assert uid(imap, "SEARCH", "ALL") == [b"1 2 3"]
    imap.select("Scratch")
    assert imap.delete("Renamed")[0] == "OK"
    assert imap.delete("Renamed")[0] == "NO"


def test_idle_tells_of_mail_that_arrives(host: demo.Demo, imap: imaplib.IMAP4) -> None:
    imap.select("INBOX")
    imap.send(b"i1 IDLE\r\n")
    assert imap.readline().startswith(b"+")
    sender = threading.Thread(target=send, args=(host, ME, "to myself"))
    sender.start()
    assert re.fullmatch(rb"\* \d+ EXISTS\r\n", imap.readline())
    sender.join()
    imap.send(b"DONE\r\n")
    assert imap.readline().startswith(b"i1 OK")
    found = uid(imap, "SEARCH", "SUBJECT", '"to myself"')[0].split()[-1].decode()
    raw = uid(imap, "FETCH", found, "(BODY.PEEK[])")[1]
    assert raw.endswith(b"hello\r\n.leading dot\r\n")


def test_people_answer(host: demo.Demo, imap: imaplib.IMAP4) -> None:
    send(host, "mira.lindqvist@example.com", "Grüße")
    imap.select("INBOX")
    found = uid(imap, "SEARCH", "HEADER", "Auto-Submitted", "auto-replied")[0].split()[-1].decode()
    answer = email.message_from_bytes(uid(imap, "FETCH", found, "(BODY.PEEK[])")[1])
    assert answer["To"] == ME
    assert "mira.lindqvist@example.com" in answer["From"]


def test_pop3_serves_the_same_inbox(host: demo.Demo, imap: imaplib.IMAP4) -> None:
    imap.select("INBOX", readonly=True)
    pop = poplib.POP3("127.0.0.1", host.pop3, timeout=20)
    assert "UIDL" in pop.capa()
    pop.user(host.user)
    pop.pass_(host.password)
    count, size = pop.stat()
    assert count == len(uid(imap, "SEARCH", "ALL")[0].split())
    assert len(pop.uidl()[1]) == len(pop.list()[1]) == count
    _, lines, octets = pop.retr(count)
    raw = uid(imap, "FETCH", "*", "(BODY.PEEK[])")[1]
    assert b"\r\n".join(lines) + b"\r\n" == raw
    assert pop.top(count, 0)[1] == [*raw.partition(b"\r\n\r\n")[0].split(b"\r\n"), b""]
    pop.dele(count)
    pop.quit()
    imap.noop()
    assert len(uid(imap, "SEARCH", "ALL")[0].split()) == count - 1
    assert size > octets


def test_it_ends_with_its_input() -> None:
    running = demo.start()
    assert "password" not in repr(running)
    running.stop()
    assert running.process.returncode == 0
