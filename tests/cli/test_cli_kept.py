"""Templates, formatted signatures and mail merge on the command line, without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.running import Cli
from cli.stored import able_to_send
from martlet.store.reader import Reader


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(able_to_send(tmp_path / "profile"))


def test_templates_come_and_go(cli: Cli, tmp_path: Path) -> None:
    assert cli.ok("template", "list", "--json").rows == []
    file = tmp_path / "plan.pdf"
    file.write_bytes(b"plan")
    words = ("--subject", "For {{to.name}}", "--body", "Hello")
    cli.ok("template", "add", "Report", *words, "--attach", str(file))
    cli.ok("template", "add", "Thanks", "--shortcut", "tnx", "--body", "-", stdin=b"Thank you\n")
    report, thanks = cli.ok("template", "list", "--json").rows
    assert (report["kind"], report["files"]) == ("template", ["plan.pdf"])
    assert (thanks["kind"], thanks["text"]) == ("snippet", "Thank you")
    assert "tnx" in cli.ok("template", "list").out
    refused = cli("template", "add", "Other", "--shortcut", "TNX", "--body", "x")
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    cli.ok("template", "remove", str(report["id"]))
    assert [one["name"] for one in cli.ok("template", "list", "--json").rows] == ["Thanks"]
    assert cli("template", "remove", "99").status == 1
    assert cli("template", "add", "Empty").status == 2


def test_a_formatted_signature_with_its_picture(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"png")
    file = tmp_path / "signature.html"
    file.write_text(
        "<style>x</style><!--[if mso]><p>Old</p><![endif]--><div><b>Wilma</b> &amp; Co</div>\n"
        "<div><![if !mso]>Town<![endif]><br>"
        "<img src='logo.png'><img src='gone.png'></div>"
    )
    cli.ok("identity", "edit", "work", "0", "--signature-html", str(file))
    stored = Reader(cli.profile).account("work")
    assert stored is not None
    assert stored.signature == "Wilma & Co\nTown"
    (part,) = stored.signing.parts
    assert stored.signing.html is not None
    assert f"src='cid:{part.content_id}'" in stored.signing.html
    assert "style" not in stored.signing.html
    assert "mso" not in stored.signing.html
    cli.ok("identity", "edit", "work", "0", "--signature", "W.")
    stored = Reader(cli.profile).account("work")
    assert stored is not None
    assert (stored.signature, stored.signing.html, stored.signing.parts) == ("W.", None, ())
    assert cli("identity", "edit", "work", "0", "--signature-html", "gone.html").status == 2


def test_a_signature_takes_no_other_files_along(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(b"png")
    (folder / "linked.png").symlink_to(tmp_path / "secret.png")
    (folder / "key").write_bytes(b"key")
    (folder / "logo.png").write_bytes(b"logo")
    names = ("../secret.png", str(tmp_path / "secret.png"), "linked.png", "key", "logo.png")
    file = folder / "signature.html"
    file.write_text("".join(f"<img src='{name}'>" for name in names))
    cli.ok("identity", "edit", "work", "0", "--signature-html", str(file))
    stored = Reader(cli.profile).account("work")
    assert stored is not None
    assert [part.name for part in stored.signing.parts] == ["logo.png"]


def test_a_merge_is_printed_before_it_is_sent(cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_bytes(
        "姓名,邮箱,sum\n王小明,wang@example.cn,5\nBob,bob@example.org,\n".encode("gb18030")
    )
    words = ("send", "--merge", str(table), "--subject", "{{sum}}", "--body", "Dear {{to.name}}")
    refused = cli(*words, "--dry-run")
    assert refused.status == 1
    assert "row 2 says nothing for sum" in refused.err
    (row,) = cli.ok(*words, "--dry-run", "--leave-out", "--json").rows
    assert row == {
        "to": "王小明 <wang@example.cn>", "subject": "5", "text": "Dear 王小明", "html": None
    }  # fmt: skip
    said = cli.ok(*words, "--dry-run", "--leave-out").out
    assert "Dear 王小明" in said
    assert said.endswith("1 letter; none was sent.\n")
    assert Reader(cli.profile).outbox() == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("--merge", "x.csv", "--to", "a@example.org", "--body", "x"),
        ("--dry-run", "--to", "a@example.org", "--body", "x"),
        ("letter.eml", "--merge", "x.csv"),
    ],
)
def test_what_does_not_go_together(cli: Cli, wrong: tuple[str, ...]) -> None:
    assert cli("send", *wrong).status == 2


def test_a_table_that_is_none_is_refused(cli: Cli, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"PK\x03\x04")
    for name in (str(book), str(tmp_path / "gone.csv"), str(tmp_path)):
        said = cli("send", "--merge", name, "--body", "x")
        assert (said.status, said.err.count("\n")) == (1, 1)
