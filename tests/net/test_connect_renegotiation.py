"""A server that wants to agree on TLS anew: what was compared with a pin must stay what it was."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from martlet.mail.account import Pin, Protocol, Security, Server
from martlet.mail.errors import Offline
from martlet.mail.route import Route
from martlet.net.connect import connect
from support.certificates import issue
from support.dovecot import free_port

OPENSSL = shutil.which("openssl")


@pytest.mark.skipif(OPENSSL is None, reason="no openssl here")
@pytest.mark.parametrize("pinned", [False, True])
def test_tls_is_not_agreed_on_anew(pinned: bool, tmp_path: Path) -> None:
    made = issue(tmp_path)
    port = free_port()
    asked = subprocess.Popen(
        [
            str(OPENSSL), "s_server", "-accept", f"127.0.0.1:{port}", "-tls1_2",
            "-cert", str(made.chain_file), "-key", str(made.key_file), "-naccept", "1",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert asked.stdin is not None
    assert asked.stdout is not None
    try:
        for line in asked.stdout:
            if line.startswith(b"ACCEPT"):
                break
        server = Server(Protocol.IMAP, "localhost", port, Security.TLS, "ada")
        route = Route(pins=(Pin("localhost", made.sha256),))
        if not pinned:
            route = Route(str(made.ca_file))
        line_to = connect(server, route=route, timeout_s=30.0, starttls=None)
        line_to.write(b"hello\r\n")
        for line in asked.stdout:
            if line.startswith(b"hello"):
                break
        asked.stdin.write(b"R\n")  # s_server: renegotiate, and ask for a certificate
        asked.stdin.flush()
        with pytest.raises(Offline, match=r"broke|closed"):
            line_to.read_line()
        line_to.close()
    finally:
        asked.kill()
        asked.communicate(timeout=30)
