"""One letter for each row of a table, from the command line: what became of each is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.running import Cli
from martlet.mail.account import Protocol
from support.scripted import Script, Scripted, expect, read_to, send

# The first of two is nobody, the second gets the letter.
GHOST: Script = [
    send("220 mx ESMTP\r\n"),
    expect("EHLO"),
    send("250 mx\r\n"),
    expect("MAIL FROM"),
    send("250 ok\r\n"),
    expect("RCPT TO:<ghost@example.org>"),
    send("550 5.1.1 nobody of that name\r\n"),
    expect("RSET"),
    send("250 ok\r\n"),
    expect("MAIL FROM"),
    send("250 ok\r\n"),
    expect("RCPT TO:<bruno@example.org>"),
    send("250 ok\r\n"),
    expect("DATA"),
    send("354 go on\r\n"),
    read_to(b"\r\n.\r\n"),
    send("250 queued\r\n"),
    expect("QUIT"),
    send("221 bye\r\n"),
]


def cli_by(root: Path, port: int) -> Cli:
    made = Cli(root / "profile")
    made.ok(
        "account", "add", "work", "--address", "ada@example.org", "--smtp", f"127.0.0.1:{port}",
        "--user", "", "--security", "none", "--no-discover", "--password-command", "echo x",
    )  # fmt: skip
    return made


def merging(root: Path, *rows: str) -> tuple[str, ...]:
    table = root / "people.csv"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return ("send", "--merge", str(table), "--subject", "Hi", "--body", "x")


@pytest.mark.parametrize("pace", [(), ("--pace", "0.001")])
def test_a_refused_letter_is_named_and_fails_the_command(
    tmp_path: Path, pace: tuple[str, ...]
) -> None:
    words = merging(tmp_path, "mail", "ghost@example.org", "bruno@example.org")
    with Scripted(GHOST) as server:
        cli = cli_by(tmp_path, server.account(Protocol.SMTP).port)
        done = cli(*words, *pace)
    assert done.status == 1
    assert done.err.count("\n") == 1
    assert "Not sent to ghost@example.org: 550 5.1.1 nobody of that name" in done.err
    assert done.out == "1 of 2 letters are sent. 1 could not be.\n"


def test_a_script_is_told_which_failed(tmp_path: Path) -> None:
    words = merging(tmp_path, "mail", "ghost@example.org", "bruno@example.org", "nobody")
    with Scripted(GHOST) as server:
        cli = cli_by(tmp_path, server.account(Protocol.SMTP).port)
        done = cli(*words, "--leave-out", "--json")
    assert done.status == 1
    assert done.rows == [
        {"queued": 2, "sent": 1, "failed": 1, "unsure": 0, "left_out": 1, "ids": [1, 2]}
    ]
    (left,) = cli("outbox", "list", "--json").rows
    assert (left["id"], left["state"]) == (1, "failed")


def test_letters_to_come_are_said_to_need_martlet(tmp_path: Path) -> None:
    cli = cli_by(tmp_path, 1)
    done = cli(*merging(tmp_path, "mail", "b@example.org"), "--later", "+1h")
    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "0 of 1 letters are sent. 1 wait in the outbox, and go out while Martlet runs.\n"
    )


@pytest.mark.parametrize("pace", ["nan", "inf", "-5", "3601", "soon"])
def test_a_pace_is_a_time(tmp_path: Path, pace: str) -> None:
    cli = cli_by(tmp_path, 1)
    done = cli(*merging(tmp_path, "mail", "b@example.org"), f"--pace={pace}")
    assert (done.status, done.out) == (2, "")
    assert f"'{pace}' is no time from 0 to 3600 seconds" in done.err


def test_a_variable_of_no_column_is_named_once(tmp_path: Path) -> None:
    cli = cli_by(tmp_path, 1)
    words = merging(tmp_path, "mail,Name", "b@example.org,Bruno", "c@example.org,Carla")
    for more in ((), ("--leave-out",)):
        said = cli.refused(*words[:-1], "Dear {{Nam}} {{Name}} {{to.first}} {{x|friend}}", *more)
        assert said.endswith("No column is called Nam; there are mail, Name.")


def test_a_letter_has_one_body_and_files(tmp_path: Path) -> None:
    cli = cli_by(tmp_path, 1)
    to = ("send", "--to", "b@example.org")
    for words in ((*to, "--subject", "x"), ("template", "add", "T")):
        done = cli(*words, "--html", "<p>x</p>", "--body", "y")
        assert (done.status, done.out) == (2, "")
        assert "give --body or --html, not both" in done.err
    assert "There is no file" in cli.refused(*to, "--attach", str(tmp_path / "nope"))


def test_why_letters_wait_is_said_while_their_server_is_not_asked_again(tmp_path: Path) -> None:
    cli = cli_by(tmp_path, 1)
    assert cli("send", "--to", "b@example.org", "--body", "x").status == 1
    done = cli(*merging(tmp_path, "mail", "c@example.org"))
    assert done.status == 1
    assert "refused the connection" in done.err
