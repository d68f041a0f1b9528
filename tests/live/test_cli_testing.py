"""`martlet account test` where a certificate is not trusted: what to do, and all of it as JSON."""

from __future__ import annotations

from pathlib import Path

from cli.running import Cli
from support.certificates import issue
from support.scripted import Scripted, stall


def test_a_certificate_that_is_not_trusted(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "profile")
    (tmp_path / "tls").mkdir()
    with Scripted([stall()], certificates=issue(tmp_path / "tls"), tls=True) as server:
        cli.ok(
            "account", "add", "my work", "--address", "ada@example.org", "--no-discover",
            "--imap", f"localhost:{server.port}", "--password-command", "echo secret",
        )  # fmt: skip
        ran = cli("account", "test")
        assert ran.status == 1
        (told,) = ran.err.splitlines()
        assert " or name who signed it with --ca-file FILE" in told
        pin = told.partition(" --pin ")[2].partition(",")[0]
        assert pin.startswith("localhost=")
        assert pin.count(":") == 31
        assert "martlet account edit 'my work' --pin" in told

        ran = cli("account", "test", "--json")
        assert (ran.status, ran.err) == (1, "")
        *reached, failed = ran.rows
        assert [(row["stage"], row["ok"], row["kind"]) for row in reached] == [
            ("name", True, None), ("connection", True, None),
        ]  # fmt: skip
        assert (failed["protocol"], failed["stage"], failed["kind"]) == (
            "imap", "certificate", "tls",
        )  # fmt: skip
        assert failed["fingerprint"] == pin.partition("=")[2].replace(":", "").lower()
        assert failed["certificate"]

        cli.ok("account", "edit", "my work", "--pin", pin)
        row = cli.ok("account", "show", "my work", "--json").rows[0]
        assert row["pins"] == [{"host": "localhost", "sha256": failed["fingerprint"]}]
