"""`martlet send` by servers that refuse some: who got it, who did not, and by which account."""

from __future__ import annotations

from pathlib import Path

from cli.running import Cli, Ran
from martlet.mail.server import Protocol
from support.scripted import Scripted, Step, send
from support.smtp_steps import ask, ehlo, message

GOOD, BAD = "good@x.example", "bad@x.example"
NO = "550 5.1.1 No such user"


def refusing(*answers: tuple[str, str], data: str = "") -> list[Step]:
    """A server that gives these answers to these recipients; data: to the message."""
    steps = [send("220 mx ESMTP\r\n"), *ehlo(), *ask("MAIL FROM:<ada@example.org>", "250 2.1.0 Ok")]
    for address, answer in answers:
        steps += ask(f"RCPT TO:<{address}>", answer)
    return steps + ([*message(), send(f"{data}\r\n"), *ask("QUIT", "221 bye")] if data else [])


def add(cli: Cli, name: str, address: str, server: Scripted | None) -> None:
    port = server.account(Protocol.SMTP).port if server is not None else 1
    cli.ok(
        "account", "add", name, "--address", address, "--smtp", f"127.0.0.1:{port}", "--user", "",
        "--security", "none", "--no-discover", "--password-command", "echo x",
    )  # fmt: skip


def to_both(cli: Cli, *words: str) -> Ran:
    return cli("send", "--to", GOOD, "--to", BAD, "--subject", "Hi", "--body", "x", *words)


def test_whoever_was_refused_is_named_and_the_status_says_it(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    script = refusing((GOOD, "250 2.1.5 Ok"), (BAD, NO), data="250 2.0.0 Taken")
    with Scripted(script) as server:
        add(cli, "work", "ada@example.org", server)
        said = to_both(cli)
        assert (said.status, said.out) == (1, "Sent to the others.\n")
        assert said.err == f"martlet: Not sent to {BAD}: {NO}\n"
        said = to_both(cli, "--json")
    assert said.status == 1
    (row,) = said.rows
    assert (row["state"], [one["code"] for one in row["results"]]) == ("filed", [250, 550])


def test_who_was_refused_is_named_while_others_are_waited_for(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    later = ("late@x.example", "450 4.2.0 Later")
    script = refusing((GOOD, "250 Ok"), (BAD, NO), later, data="250 Taken")
    with Scripted(script) as server:
        add(cli, "work", "ada@example.org", server)
        said = to_both(cli, "--to", later[0])
    assert (said.status, said.out) == (1, "")
    refused, waits = said.err.splitlines()
    assert refused == f"martlet: Not sent to {BAD}: {NO}"
    assert waits.startswith("martlet: Not sent yet, it stays in the outbox: ")
    assert waits.endswith(f"{later[0]}.")


def test_a_refusal_names_its_number_once(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    with Scripted(refusing((GOOD, "250 Ok"), (BAD, "250 Ok"), data="554 5.7.1 Spam")) as server:
        add(cli, "work", "ada@example.org", server)
        said = to_both(cli)
    assert said.status == 1
    assert f"({GOOD}: 554 5.7.1 Spam; {BAD}: 554 5.7.1 Spam)" in said.err
    assert "554 554" not in said.err + cli.ok("outbox", "list").out


def test_the_first_that_can_send_does_unless_the_sender_is_anothers(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    with Scripted(refusing((GOOD, "250 Ok"), data="250 Taken")) as server:
        cli.ok("account", "add", "reads", "--address", "r@example.org", "--pop3", "p.example",
               "--no-discover", "--ask-password")  # fmt: skip
        add(cli, "work", "ada@example.org", server)
        add(cli, "home", "home@example.net", None)
        letter = ("send", "--to", GOOD, "--subject", "Hi")
        assert cli.ok(*letter).out == "Sent by work.\n"
        assert cli.ok(*letter, "--account", "work").out == "Sent.\n"
    said = cli.ok(*letter, "--from", "home+a@example.net", "--later", "+2h").out
    assert "it goes out by home at" in said
    (row,) = cli.ok("outbox", "list", "--json").rows
    assert (row["account"], row["from"]) == ("home", "home+a@example.net")


def test_a_stranger_is_not_written_as(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    add(cli, "work", "ada@example.org", None)
    letter = ("send", "--to", GOOD, "--subject", "Hi", "--later", "+2h", "--from", "x@y.example")
    said = cli.refused(*letter)
    assert said.startswith("x@y.example is no address of work; to write from it, add it: ")
    assert said.endswith("martlet identity add work --address x@y.example")
    assert "is no address of work" in cli.refused(*letter, "--account", "work")
    add(cli, "home", "home@example.net", None)
    assert "is no address of any account" in cli.refused(*letter)
    ready = b"From: Xaver <x@y.example>\nTo: good@x.example\nSubject: Ready\n\ntext\n"
    ran = cli("send", "-", "--later", "+2h", stdin=ready)
    assert (ran.status, ran.err) == (
        0, "martlet: note: x@y.example, whom it is from, is no address of work\n",
    )  # fmt: skip
    ready = ready.replace(b"x@y.example", b"home@example.net")
    assert "by home" in cli.ok("send", "-", "--later", "+2h", stdin=ready).out
