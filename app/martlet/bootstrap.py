"""The parts of a process and how they are put together; the only module that may import any.

Imports stand in the functions: a command that reads the store must not wait for an engine,
nor an engine for Qt.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from martlet.cli.context import Services
from martlet.paths import Profile

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from martlet.demo import Demo
    from martlet.link.client import Asker, Client
    from martlet.mail.account import AccountId


class Run(Protocol):
    """What `ui.app.run` is."""

    def __call__(
        self,
        profile: Profile,
        connect: Callable[[], Asker],
        *,
        screenshot: Path | None = None,
        title: str = "",
        eml: Path | None = None,
        made: Callable[[QWidget], None] | None = None,
    ) -> int: ...


_BUSY_S = 120.0
_RETRY_S = 0.02


def services() -> Services:
    return Services(
        open_client=lambda profile: open_client(profile, host_here=True),
        run_window=run_window,
        run_demo=run_demo,
        run_file=run_file,
        run_engine=run_engine,
    )


def open_client(profile: Profile, *, host_here: bool) -> Asker:
    """A client of the profile's engine.

    host_here: for a one-shot command. If no engine runs it is hosted in this process, without
    its standing connections, until the client is closed. Else one is started, which lasts as
    long as somebody uses it. Raises MailError.
    """
    from martlet.link.start import connect

    if not host_here:
        return connect(profile)
    from martlet.link.client import greet
    from martlet.link.lock import ProfileLock
    from martlet.mail.errors import Offline

    lock = ProfileLock(profile)
    until = time.monotonic() + _BUSY_S
    while not lock.acquire():
        try:
            return greet(profile, lasting=False)
        except Offline:
            # It is just starting or ending; either way it is soon one or the other.
            if time.monotonic() > until:
                raise
            time.sleep(_RETRY_S)
    try:
        return _host(profile, lock.release)
    except BaseException:
        lock.release()
        raise


def _host(profile: Profile, release: Callable[[], None]) -> Asker:
    """An engine in this process. Others may use it meanwhile: commands are let finish, a
    window finds itself another engine afterwards."""
    from martlet import log
    from martlet.engine.engine import Engine
    from martlet.link.host import Host
    from martlet.link.local import LocalClient

    log.setup(profile)
    _seldom_look_for_cycles()
    engine = Engine(profile)
    try:
        host = Host(profile, engine)
    except BaseException:
        engine.close()
        raise

    def end() -> None:
        try:
            host.close(_BUSY_S)
            engine.close()
        finally:
            release()

    return LocalClient(engine, end)


def run_engine(profile: Profile, stay: bool) -> int:
    """The engine alone, in this process, until nobody uses it. Raises Refused: there is one."""
    from martlet import log
    from martlet.engine.engine import Engine
    from martlet.link.host import serve
    from martlet.link.start import RUNNING
    from martlet.mail.errors import Refused

    log.setup(profile)
    _seldom_look_for_cycles()
    if not serve(profile, Engine, stay=stay):
        raise Refused(RUNNING)
    return 0


def _seldom_look_for_cycles() -> None:
    """Synchronising makes millions of objects and no cycles; looking for some took a sixteenth of
    its time."""
    gc.set_threshold(20_000, 20, 20)


def run_window(
    profile: Profile, screenshot: Path | None, made: Callable[[QWidget], None] | None = None
) -> int:
    """The window, until it is closed. made: is given it before it is shown, to watch it."""
    from martlet import log
    from martlet.link.start import connect

    run = _window(screenshot)
    _make(profile)
    log.setup(profile)
    return run(profile, lambda: connect(profile), screenshot=screenshot, made=made)


def run_file(profile: Profile, file: Path, screenshot: Path | None, pictures: bool = False) -> int:
    """The window of one mail file. Needs no account and no engine process, makes no profile.

    pictures: those it would have from the internet are fetched.
    """
    from martlet import log
    from martlet.engine.one_file import OneFile
    from martlet.engine.own_folder import own_folder
    from martlet.link.local import LocalClient
    from martlet.mail.errors import Refused
    from martlet.paths import opened_files

    run = _window(screenshot)
    log.setup(profile if profile.root.is_dir() else None)
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise Refused(f"{file.name} cannot be read.", error.strerror or "") from error
    with own_folder(opened_files()) as private:
        engine = OneFile(raw, private, pictures=pictures)
        try:
            return run(profile, lambda: LocalClient(engine), screenshot=screenshot, eml=file)
        finally:
            engine.close()


def run_demo(profile: Profile | None, screenshot: Path | None) -> int:
    """The window on a mail host of its own, with a profile that is thrown away in the end
    (unless one was named)."""
    import shutil
    import tempfile

    from martlet import demo, log
    from martlet.link.lock import ProfileLock
    from martlet.link.messages import SetPassword, Shutdown
    from martlet.link.start import connect
    from martlet.mail.errors import MailError

    run = _window(screenshot)
    place = Path(tempfile.mkdtemp(prefix="martlet-demo-")) if profile is None else None
    chosen = profile if profile is not None else Profile(place or Path())
    _make(chosen)
    log.setup(chosen)
    mail_host = demo.start()
    try:
        # Held open until the end: the engine's memory keeps the password, for this run only.
        keeper = connect(chosen)
        try:
            account_id = _demo_account(chosen, keeper, mail_host)

            def line() -> Client:
                client = connect(chosen)
                # An engine that took the place of a dead one does not know it.
                client.call(SetPassword(account_id, mail_host.password))
                return client

            return run(chosen, line, screenshot=screenshot, title="Demo")
        finally:
            with contextlib.suppress(MailError):  # it may have ended already
                keeper.call(Shutdown(), 5.0)
            keeper.close()
            ended = ProfileLock(chosen)
            if ended.acquire(10.0):
                ended.release()
    finally:
        mail_host.stop()
        if place is not None:
            log.setup(None)
            shutil.rmtree(place, ignore_errors=True)


def _window(screenshot: Path | None) -> Run:
    """The window, loaded. Raises Refused where none can be shown: Qt would end the process."""
    from martlet.mail.errors import Refused

    shown = any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform == "linux" and not shown and screenshot is None:
        raise Refused("There is no display to show a window on.")
    try:
        from martlet.ui.app import run
    except ImportError as error:
        if (error.name or "").startswith("martlet"):
            raise
        raise Refused("Qt cannot be loaded; the README names what it needs.", str(error)) from error
    return run


def _make(profile: Profile) -> None:
    """The profile's folder. Raises StoreError: it cannot be."""
    from martlet.mail.errors import StoreError

    try:
        profile.create()
    except OSError as error:
        why = (error.strerror or "it cannot be written").lower()
        raise StoreError(f"The profile {profile.root} cannot be used: {why}.", "") from error


def _demo_account(profile: Profile, client: Client, mail_host: Demo) -> AccountId:
    """The demo's account, or the one of an earlier run moved to today's ports."""
    from martlet.link.messages import AccountAdd, AccountEdit
    from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
    from martlet.store.reader import Reader

    known = [one for one in Reader(profile.root).accounts() if one.name == "Demo"]

    def server(protocol: Protocol, port: int) -> Server:
        return Server(protocol, "127.0.0.1", port, Security.NONE, mail_host.user)

    account = Account(
        known[0].id if known else AccountId(0),
        "Demo",
        mail_host.address,
        full_name=mail_host.name,
        incoming=server(Protocol.IMAP, mail_host.imap),
        outgoing=server(Protocol.SMTP, mail_host.smtp),
        secret=SecretSource.ASK,
    )
    if known:
        client.call(AccountEdit(account, mail_host.password))
        return account.id
    return client.call(AccountAdd(account, mail_host.password))
