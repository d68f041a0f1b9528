"""SCRAM (RFC 5802, RFC 7677) by scramp, as one of the exchanges of sasl.py.

A module of its own because scramp takes longer to import than the rest of net together.
"""

from __future__ import annotations

import re

from scramp import ScramClient, ScramException

from martlet.mail.errors import AuthFailed, BadServer

# Servers ask for 4,096 to some 600,000; without a bound a hostile one could keep us busy for hours.
ITERATIONS_LIMIT = 2_000_000
_ITERATIONS = re.compile(r",i=(\d{1,4000})")


class Scram:
    """One attempt. complete: the server proved that it knows the password too."""

    explained = b""

    def __init__(self, mechanism: str, user: str, secret: str, binding: bytes | None) -> None:
        self.mechanism = mechanism
        self.complete = False
        self._asked = False
        try:
            # Without -PLUS the data is not used; that there could be some is told.
            bound = None if binding is None else ("tls-server-end-point", binding or b"-")
            self._client = ScramClient([mechanism], user, secret, channel_binding=bound)
        except ScramException:
            raise self._unfit() from None

    def initial(self) -> bytes | None:
        try:
            first: str = self._client.get_client_first()
        except ScramException:
            raise self._unfit() from None
        return first.encode()

    def respond(self, challenge: bytes) -> bytes:
        if self.complete:
            raise BadServer(f"The server asked on after {self.mechanism} was done.")
        try:
            said = challenge.decode("utf-8")
            if not self._asked:
                self._asked = True
                if (count := _ITERATIONS.search(said)) and int(count[1]) > ITERATIONS_LIMIT:
                    raise BadServer(f"The server asks for too much work ({self.mechanism}).")
                self._client.set_server_first(said)
                final: str = self._client.get_client_final()
                return final.encode()
            self._client.set_server_final(said)
        except UnicodeDecodeError:
            raise BadServer(f"The server's challenge for {self.mechanism} is not text.") from None
        except ScramException as error:
            if challenge.startswith(b"e="):
                raise AuthFailed("The server refused the user name or password.") from None
            raise BadServer(
                f"The server did not prove that it knows the password ({self.mechanism}).",
                str(error)[:200],
            ) from None
        self.complete = True
        return b""

    def _unfit(self) -> AuthFailed:
        # Raised without its cause: its text might hold the password.
        return AuthFailed(f"The user name or password cannot be used with {self.mechanism}.")
