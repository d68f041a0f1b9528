"""Messages collected by other projects, and what they say is in them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from martlet.cli.inspect import inspect

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

# Why an expectation is not met, by file (its last two names) and field. Everything else must be.
LIBETPAN_DEFAULT = "mailcore2 fills in a Message-ID and a date of its own where there is none"
COMMENT = "LibEtPan drops comments; RFC 5322, 3.4 calls `a@b (Name)` the old way to give a name"
BARE_WORD = "a bare word may be a name or a local part; sources differ (jwz says local part)"
TEXT_PART = "a damaged text part is shown as text here, and listed as a file there"
SAFE_NAME = "the name is made safe to save under: no folders, no control characters"
TWO_WORDS = "the expectation keeps the comment inside the address, which is not part of it"
REASONS = {
    ("stalwart-malformed", "n_attachments"): TEXT_PART,
    ("stalwart-thirdparty", "n_attachments"): TEXT_PART,
    ("stalwart-rfc", "n_attachments"): "text/enriched without a name is body text here",
    ("stalwart-rfc", "from"): BARE_WORD,
    ("stalwart-rfc", "to"): BARE_WORD,
    ("stalwart-rfc", "filenames"): SAFE_NAME,
    ("stalwart-legacy", "filenames"): SAFE_NAME,
    ("mikel-mail", "from"): TWO_WORDS,
    ("mikel-mail", "subject"): "the expectation has a backslash and a t where the file has a tab",
    ("mailcore2-jwz", "from"): COMMENT,
    ("mailcore2-jwz", "to"): COMMENT,
    ("mailcore2-jwz", "cc"): COMMENT,
    ("mailcore2-jwz", "filenames"): SAFE_NAME,
    ("mailcore2-jwz", "message_id"): LIBETPAN_DEFAULT,
    ("mailcore2-jwz", "date"): LIBETPAN_DEFAULT,
    ("mailcore2", "message_id"): LIBETPAN_DEFAULT,
    ("mailcore2", "date"): LIBETPAN_DEFAULT,
    ("stalwart-malformed", "text_contains"): "the HTML of a part whose boundary is missing",
}


def inspected() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    index = CORPUS / "mail.jsonl"
    if not index.exists():
        pytest.skip("the shared corpus is not beside the repository")
    for line in index.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        out = io.StringIO()
        assert inspect([str(CORPUS / case["file"])], out) == 0
        yield case["file"], case["expected"], json.loads(out.getvalue())


def met(field: str, expected: Any, found: dict[str, Any]) -> bool:
    match field:
        case "subject":
            return words(expected) == words(found["subject"])
        case "from" | "to" | "cc":
            got = found[field]
            return [words(a.get("address")).lower() for a in expected] == [
                a["address"].lower() for a in got
            ] and all(
                words(a["name"]) == g["name"]
                for a, g in zip(expected, got, strict=True)
                if "name" in a
            )
        case "message_id":
            return bool(words(expected).strip("<>") == found["message_id"].strip("<>"))
        case "date":
            return moment(expected) == moment(found["date"])
        case "filenames":
            names = [a["filename"] for a in found["attachments"]]
            return all(name in names for name in expected if name)
        case "n_attachments":
            return bool(expected == len(found["attachments"]))
        case "text_contains":
            shown = squeezed(found["text"]) + squeezed(found["html"] or "")
            return all(squeezed(text) in shown for text in expected)
        case _:
            return True


def words(text: str | None) -> str:
    return " ".join((text or "").split())


def squeezed(text: str) -> str:
    return "".join(text.split())


def moment(text: str | None) -> float | None:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else None


def test_the_corpus_reads_as_its_sources_say() -> None:
    checked = explained = 0
    wrong: list[str] = []
    for file, expected, found in inspected():
        for field, value in expected.items():
            if field not in found and field not in ("filenames", "n_attachments", "text_contains"):
                continue
            checked += 1
            if met(field, value, found):
                continue
            if (file.split("/")[1], field) in REASONS:
                explained += 1
            else:
                wrong.append(f"{file} {field}: {value!r}")
    print(f"{checked} expectations, {explained} not met for a reason, {len(wrong)} wrong")
    assert wrong == []
    # A reason covers a field of a whole collection; the number keeps it from covering new mistakes
    assert explained <= 61


def test_every_file_gives_one_complete_line() -> None:
    keys = {
        "file", "subject", "from", "to", "cc", "reply_to", "date", "message_id", "text", "html",
        "attachments", "structure", "problems",
    }  # fmt: skip
    for _, _, found in inspected():
        assert found.keys() == keys
        assert found["structure"]["type"]


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "good.eml"
    good.write_bytes(b"Subject: hello\n\nhi\n")
    out = io.StringIO()
    assert inspect([str(tmp_path / "none.eml"), str(good)], out) == 1
    assert json.loads(out.getvalue())["subject"] == "hello"
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "none.eml" in said
