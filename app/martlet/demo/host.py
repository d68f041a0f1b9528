"""Starts the three servers on free loopback ports over one mailbox, and delivers what is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from functools import partial

from martlet.demo import answers, imap, pop3, smtp
from martlet.demo.login import Login
from martlet.demo.mailbox import INBOX, Mailbox

LOOPBACK = "127.0.0.1"
LINE_LIMIT = 1 << 20
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Host:
    """The running servers and their ports."""

    imap: int
    pop3: int
    smtp: int
    servers: tuple[asyncio.Server, ...]

    def close(self) -> None:
        for server in self.servers:
            server.close()


async def start(mailbox: Mailbox, login: Login, people: Mapping[str, str] | None = None) -> Host:
    """Opens the ports.

    people: names by address of those who answer a letter at once; anyone else just gets it.
    """
    deliver = partial(_deliver, mailbox, login, people or {})
    servers = (
        await _listen(partial(imap.serve, mailbox, login)),
        await _listen(partial(pop3.serve, mailbox, login)),
        await _listen(partial(smtp.serve, login, deliver)),
    )
    ports = [int(server.sockets[0].getsockname()[1]) for server in servers]
    return Host(ports[0], ports[1], ports[2], servers)


async def _listen(talk: Talk) -> asyncio.Server:
    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that leaves in the middle or sends an endless line just loses its connection.
        # Cancelled means the host ends; asyncio 3.11 would print a stack for each open connection.
        with suppress(
            ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError
        ):
            await talk(reader, writer)
        with suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()

    return await asyncio.start_server(client, LOOPBACK, 0, limit=LINE_LIMIT)


def _deliver(
    mailbox: Mailbox,
    login: Login,
    people: Mapping[str, str],
    sender: str,
    recipients: list[str],
    raw: bytes,
) -> None:
    now = datetime.now(UTC)
    inbox = mailbox.folders[INBOX]
    for recipient in dict.fromkeys(address.casefold() for address in recipients):
        if recipient == login.address.casefold():
            path = f"Return-Path: <{sender}>\r\nDelivered-To: {login.address}\r\n"
            mailbox.add(inbox, path.encode("utf-8") + raw, now)
        elif recipient in people:
            mailbox.add(
                inbox,
                answers.answer(login, Address(people[recipient], addr_spec=recipient), raw, now),
                now,
            )
