"""The certificates trusted are read once, and again when the file of them has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

from martlet.mail.route import STRAIGHT, Route
from martlet.net.tls import verified_context
from support.certificates import issue


def test_a_ca_file_that_changes_is_read_again(tmp_path: Path) -> None:
    one, other = issue(tmp_path / "one"), issue(tmp_path / "other")
    file = tmp_path / "ca.pem"
    shutil.copy2(one.ca_file, file)
    route = Route(ca_file=str(file))
    first = verified_context(route)
    assert verified_context(route) is first
    known = first.cert_store_stats()["x509_ca"]
    file.write_bytes(one.ca_file.read_bytes() + other.ca_file.read_bytes())
    again = verified_context(route)
    assert again is not first
    assert again.cert_store_stats()["x509_ca"] == known + 1
    # What one account trusts is not what another does.
    assert verified_context(STRAIGHT).cert_store_stats()["x509_ca"] == known - 1
