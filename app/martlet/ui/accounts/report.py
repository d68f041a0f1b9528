"""What a test did, as lines that can be sent to somebody who helps: without any secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import martlet
from martlet.mail.account import Account, TestStep

_HIDDEN = "•••"
_SHORTEST = 3


def report(account: Account, steps: Sequence[TestStep], secrets: Iterable[str]) -> str:
    """The servers and the steps. secrets: what must not be seen, wherever a server repeats it.

    The part of the address before the @ is hidden too, and so are user names.
    """
    lines = [f"Martlet {martlet.__version__}, account test"]
    for server in (account.incoming, account.outgoing):
        if server is not None:
            auth = f", {server.auth}" if server.auth else ""
            lines.append(
                f"{server.protocol.name} {server.host}:{server.port}, {server.security.value}{auth}"
            )
    lines.append(f"secret: {account.secret.value}")
    if account.proxy is not None:
        lines.append(f"proxy: {account.proxy.kind.value}")
    lines.append("")
    for step in steps:
        stage = f" {step.stage.value}" if step.stage is not None else ""
        kind = f" [{step.kind.value}]" if step.kind is not None else ""
        mark = "ok  " if step.ok else "FAIL"
        lines.append(f"{mark} {step.what}{stage}{kind} {step.said}".rstrip())
        if step.fingerprint:
            lines.append(f"     certificate of {step.host}: {step.fingerprint}")
            lines += [f"     {line}" for line in step.certificate.splitlines()]
    return _without(lines, account, secrets)


def _without(lines: list[str], account: Account, secrets: Iterable[str]) -> str:
    text = "\n".join(lines) + "\n"
    # First of all: a password may hold the address.
    for secret in sorted(secrets, key=len, reverse=True):
        text = _hide(text, secret)
    local, _, domain = account.address.rpartition("@")
    if local:
        text = text.replace(account.address, f"{_HIDDEN}@{domain}")
    users = {s.user for s in (account.incoming, account.outgoing) if s is not None}
    for word in sorted({*users, account.full_name}, key=len, reverse=True):
        text = _hide(text, word)
    return text


def _hide(text: str, word: str) -> str:
    """What is too short would hide half of the report, and is no secret worth the name."""
    if len(word) < _SHORTEST:
        return text
    return re.sub(re.escape(word), _HIDDEN, text, flags=re.IGNORECASE)
