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

# Why an expectation is not met; each reason with the files and fields it holds for, and no others.
REASONS: dict[str, tuple[str, ...]] = {
    "mailcore2 fills in a Message-ID and a date of its own where the message has none": (
        "mailcore2-jwz/10 message_id", "mailcore2-jwz/115 date", "mailcore2-jwz/115 message_id",
        "mailcore2-jwz/133 message_id", "mailcore2-jwz/137 message_id",
        "mailcore2-jwz/138 message_id", "mailcore2-jwz/140 date", "mailcore2-jwz/140 message_id",
        "mailcore2-jwz/149 message_id", "mailcore2-jwz/15 message_id",
        "mailcore2-jwz/46 message_id", "mailcore2/1 message_id", "mailcore2/3 message_id",
        "mailcore2/multipart-digest.txt message_id", "mailcore2/rfc2060.txt date",
        "mailcore2/rfc2060.txt message_id",
    ),
    "RFC 5322, 3.4 and A.6.3: `a@b (Name)` is the old way to give a name; LibEtPan drops it": (
        "mailcore2-jwz/120 from", "mailcore2-jwz/126 from", "mailcore2-jwz/126 to",
        "mailcore2-jwz/133 from", "mailcore2-jwz/137 from", "mailcore2-jwz/142 from",
        "mailcore2-jwz/147 from", "mailcore2-jwz/148 from", "mailcore2-jwz/15 to",
        "mailcore2-jwz/17 from", "mailcore2-jwz/18 from", "mailcore2-jwz/26 from",
        "mailcore2-jwz/28 from", "mailcore2-jwz/28 cc", "mailcore2-jwz/31 from",
        "mailcore2-jwz/41 from", "mailcore2-jwz/43 from", "mailcore2-jwz/48 to",
        "mailcore2-jwz/51 from", "mailcore2-jwz/53 from", "mailcore2-jwz/66 to",
        "mailcore2-jwz/7 from", "mailcore2-jwz/87 from", "mailcore2-jwz/91 from",
        "mailcore2-jwz/94 to",
    ),
    "RFC 5322, 3.2.2: a comment inside an address is no part of it": (
        "mikel-mail/example10.eml from",
    ),
    "VMS wrote `IN%\"a@b\" \"Name\"`: no RFC has it; the name is kept apart here": (
        "mailcore2-jwz/88 to",
    ),
    "RFC 5322, 3.4 allows neither; jwz and LibEtPan take a bare word for a local part, Stalwart"
    " for a name": (
        "stalwart-rfc/001.eml from", "stalwart-rfc/001.eml to", "stalwart-rfc/004.eml from",
        "stalwart-rfc/004.eml to",
    ),
    "RFC 2183, 2.3: a name is saved under its last component only": (
        "stalwart-rfc/001.eml filenames", "stalwart-legacy/035.eml filenames",
        "mailcore2-jwz/144 filenames",
    ),
    "a part of a file for the Macintosh (RFC 1740) that opens nowhere else is not listed": (
        "mailcore2-jwz/17 filenames",
    ),
    "raw ISO-8859-1 in a name: RFC 2183 allows ASCII only, and U+FFFD is no better answer": (
        "stalwart-legacy/016.eml filenames", "stalwart-legacy/023.eml filenames",
        "stalwart-legacy/026.eml filenames",
    ),
    "labelled UTF-8 and written in ISO-8859-1: the label cannot be meant": (
        "stalwart-legacy/033.eml text_contains",
    ),
    "a text without a name and without `attachment` is shown (RFC 2183, 2.1), however damaged": (
        "stalwart-malformed/009.eml n_attachments", "stalwart-malformed/016.eml n_attachments",
        "stalwart-thirdparty/002.eml n_attachments", "stalwart-rfc/000.eml n_attachments",
        "stalwart-rfc/003.eml n_attachments",
    ),
    "the expectation is in the head of the markup, which is not shown": (
        "stalwart-malformed/020.eml text_contains",
    ),
    "the expectation has a backslash and a t where the file has a tab": (
        "mikel-mail/example14.eml subject",
    ),
}  # fmt: skip


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
    checked = 0
    unmet: dict[str, str] = {}
    for file, expected, found in inspected():
        for field, value in expected.items():
            if field not in found and field not in ("filenames", "n_attachments", "text_contains"):
                continue
            checked += 1
            if not met(field, value, found):
                unmet[f"{file.removeprefix('mail/')} {field}"] = repr(value)
    explained = {one for places in REASONS.values() for one in places}
    print(f"{checked} expectations, {len(unmet)} not met")
    assert checked > 700
    assert {place: value for place, value in unmet.items() if place not in explained} == {}
    assert explained - unmet.keys() == set(), "met by now: to be taken off the list"


def test_every_file_gives_one_complete_line() -> None:
    keys = {
        "file", "subject", "from", "to", "cc", "reply_to", "date", "message_id", "text", "html",
        "attachments", "structure", "problems", "charset", "cards",
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
