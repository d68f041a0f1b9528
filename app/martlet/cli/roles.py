"""What a folder is for, as typed; and what to do when an account has no folder for something."""

from __future__ import annotations

import argparse

from martlet.mail.errors import Refused
from martlet.mail.folder import ROLE_NAMES, Role

CHOICES = {role.value: role for role in ROLE_NAMES} | {"none": Role.NONE}


AUTOMATIC = "auto"


def role(text: str) -> Role:
    """One of CHOICES."""
    found = CHOICES.get(text.casefold())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(CHOICES)}")
    return found


def role_or_automatic(text: str) -> Role | None:
    """One of CHOICES; None for what the server says."""
    if text.casefold() == AUTOMATIC:
        return None
    if text.casefold() not in CHOICES:
        known = ", ".join((*CHOICES, AUTOMATIC))
        raise argparse.ArgumentTypeError(f"{text!r} is none of {known}")
    return role(text)


def advised(error: Refused) -> Refused:
    """With the commands that help, where a folder of some role is missing; else as it is."""
    prefix, colon, word = error.detail.partition(":")
    if prefix != "role" or not colon or word not in CHOICES:
        return error
    name = ROLE_NAMES[CHOICES[word]][0]
    return Refused(
        f"{error.summary.rstrip('.')}, by: martlet folder role NAME {word}"
        f" (or make one by: martlet folder create {name} --role {word})",
        "",
        error.account,
    )
