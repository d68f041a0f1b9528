"""`python -m martlet.demo`: the host as a process of its own, until its standard input closes."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from contextlib import suppress
from datetime import datetime

from martlet.demo import host, letters
from martlet.demo.login import Login
from martlet.demo.mailbox import Mailbox


async def run() -> None:
    """Fills the mailbox, prints the one line that says where everything is, and serves."""
    login = Login()
    mailbox = Mailbox(login.address)
    people = letters.fill(mailbox, login, datetime.now().astimezone())
    running = await host.start(mailbox, login, people)
    told = {
        "imap": running.imap,
        "pop3": running.pop3,
        "smtp": running.smtp,
        "user": login.user,
        "password": login.password,
        "address": login.address,
        "name": login.full_name,
    }
    print(json.dumps(told), flush=True)
    over = asyncio.Event()
    loop = asyncio.get_running_loop()

    # A thread, since a pipe as standard input can be waited for in asyncio on Unix only.
    def wait_for_end() -> None:
        while sys.stdin.readline():
            pass
        loop.call_soon_threadsafe(over.set)

    threading.Thread(target=wait_for_end, name="stdin", daemon=True).start()
    await over.wait()
    running.close()


if __name__ == "__main__":
    # Ctrl+C in a terminal reaches the whole family; whoever started us says the word about it.
    with suppress(KeyboardInterrupt):
        asyncio.run(run())
