"""A letter with pictures and files, killed in mid-sentence, gone on with, sent, taken back, changed
and sent: window and engine in processes of their own, Postfix and Dovecot.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from martlet.link.client import Client
from martlet.link.messages import AccountAdd, Shutdown, Sync
from martlet.link.start import connect
from martlet.mail.account import SecretSource
from martlet.mail.folder import Role
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot
from support.postfix import AUTH_LISTENER, Postfix, unusable
from ui.support import writer
from ui.support.journey import ada, kill_engine

pytestmark = pytest.mark.skipif(unusable() != "", reason=unusable() or "usable")
Host = tuple[Dovecot, Postfix]
FILES = {
    "会议记录 2026.txt": "第一行\r\n第二行\n".encode(),
    "Übersicht (final).bin": bytes(range(256)) * 3000,
    "予算.csv": "名前,金額\n山田,100\n".encode("shift_jis"),
}


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Dovecot(settings=AUTH_LISTENER) as dovecot, Postfix(dovecot) as postfix:
        yield dovecot, postfix


@pytest.fixture
def profile(tmp_path: Path, host: Host) -> Iterator[Profile]:
    """A profile with an account, its engine running."""
    dovecot, postfix = host
    found = Profile(tmp_path / "profile")
    secret = tmp_path / "secret"
    secret.write_text(dovecot.password)
    client = connect(found)
    client.call(
        AccountAdd(
            replace(
                ada(dovecot, postfix),
                secret=SecretSource.COMMAND,
                password_command=f"cat {secret}",
            ),
            "",
        )
    )
    client.close()
    yield found
    last = connect(found)
    last.call(Shutdown())
    last.close()


def person(profile: Profile, step: str, *files: Path) -> int:
    """Somebody at the window: the exit code, negative for a signal."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "ui.support.writer", str(profile.root), step]
    return subprocess.run(
        [*command, *map(str, files)], env=environment, timeout=100, check=False
    ).returncode


def came(dovecot: Dovecot, user: str) -> list[bytes]:
    folder = dovecot.maildir(user)
    files = [p for place in ("new", "cur") for p in (folder / place).glob("*") if p.is_file()]
    return [p.read_bytes() for p in files]


def mine(raw: list[bytes]) -> list[EmailMessage]:
    read = [message_from_bytes(one, policy=policy.default) for one in raw]
    return [one for one in read if one["Subject"] == writer.SUBJECT]


@pytest.mark.parametrize("engine_too", [False, True], ids=["window", "window and engine"])
def test_a_letter_outlives_a_crash(
    profile: Profile, host: Host, tmp_path: Path, engine_too: bool
) -> None:
    dovecot, postfix = host
    before = len(mine(came(dovecot, "bruno")))
    paths = []
    for name, data in FILES.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)

    keeper = connect(profile)  # so that the engine does not end with the window
    assert person(profile, "write", *paths) == -signal.SIGKILL
    if engine_too:
        kill_engine(profile)
    keeper.close()
    for path in paths:
        path.unlink()  # what was attached is in the letter

    assert person(profile, "go-on") == 0
    postfix.wait_until_delivered()
    arrived = mine(came(dovecot, "bruno"))[before:]
    assert len(arrived) == 1  # taken back means not sent
    check(arrived[0])

    client = connect(profile)
    try:
        settle(client, Reader(profile.root))
    finally:
        client.close()


def check(message: EmailMessage) -> None:
    """What arrived is what was written."""
    assert message["To"].addresses[0].display_name == "Bruno Ärmel"
    assert message["Bcc"] is None
    assert not any(name.lower().startswith("x-martlet") for name in message)
    files = {
        part.get_filename(): part.get_payload(decode=True)
        for part in message.walk()
        if part.get_content_disposition() == "attachment"
    }
    assert files == FILES
    shown = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert len(shown) == 2
    html = next(p for p in message.walk() if p.get_content_type() == "text/html").get_content()
    text = next(p for p in message.walk() if p.get_content_type() == "text/plain").get_content()
    for number, part in enumerate(shown, 1):
        assert f"cid:{part['Content-ID'].strip('<>')}" in html
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        assert QImage.fromData(data).convertToFormat(QImage.Format.Format_RGB32) == writer.picture(
            number
        )
    line = writer.SAVED + writer.AFTER
    flat = " ".join(text.split())
    for words in (writer.BEFORE, line, writer.LAST):
        assert words in flat
        assert words in " ".join(html.split())
    assert writer.LOST.strip() not in flat


def settle(client: Client, reader: Reader) -> None:
    """In Sent there is one, among the drafts none, here and on the server."""
    account = reader.accounts()[0]
    folders = {each.role: each for each in reader.folders(account.id)}
    for _ in range(2):
        client.call(Sync())
    assert len(reader.page(folders[Role.SENT].id, None, 10)) >= 1
    drafts = folders.get(Role.DRAFTS)
    assert drafts is None or not reader.page(drafts.id, None, 10)
    assert not reader.drafts()
