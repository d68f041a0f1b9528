"""Answers that never come to an end: the conversation does."""

from __future__ import annotations

import itertools
import socket

import pytest

from martlet.mail.errors import Offline
from martlet.mail.server import Protocol, Security, Server
from martlet.net.line import Line
from martlet.net.smtp_session import SmtpSession

SERVER = Server(Protocol.SMTP, "slow.invalid", 25, Security.NONE, "")


def test_an_answer_in_which_line_after_line_comes_late_is_given_up() -> None:
    near, far = socket.socketpair()
    with near, far:
        far.sendall(b"250-wait\r\n" * 400 + b"250 done\r\n")
        moments = itertools.count(0.0, 2.0)
        session = SmtpSession(Line(near, SERVER, 5.0), clock=lambda: next(moments))
        with pytest.raises(Offline, match="did not answer in time"):
            session.read()


def test_many_lines_at_once_are_read() -> None:
    near, far = socket.socketpair()
    with near, far:
        far.sendall(b"250-yes\r\n" * 400 + b"250 done\r\n")
        code, text = SmtpSession(Line(near, SERVER, 5.0)).read()
        assert (code, text.count(b"\n")) == (250, 400)
