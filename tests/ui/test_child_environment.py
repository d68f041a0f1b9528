"""What a process that takes in hostile files is told of the computer it runs on."""

from __future__ import annotations

from martlet.ui.child import environment


def test_secrets_of_the_environment_stay_with_the_window() -> None:
    own = {
        "PATH": "/bin", "LC_ALL": "C.UTF-8", "QT_SCALE_FACTOR": "2", "DISPLAY": ":7",
        "MAIL_PASSWORD": "secret", "SSH_AUTH_SOCK": "/run/agent",
    }  # fmt: skip
    assert sorted(environment(own=own).keys()) == [
        "LC_ALL",
        "PATH",
        "PYTHONPATH",
        "QT_SCALE_FACTOR",
    ]
    assert environment("DISPLAY", "XAUTHORITY", own=own).value("DISPLAY") == ":7"
