"""How a server is reached: who is trusted on the way, what is shown to it, and through what.

Settings and the secrets that belong to them, joined for one connection; never stored as such.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Pin:
    """A certificate the user trusts for one host though it does not verify (SHA-256, lower hex)."""

    host: str
    sha256: str


class Stage(Enum):
    """How far a connection has come: the server's name found, connected, its certificate good,
    signed in, folders listed (or messages counted), ready to send.
    """

    NAME = "name"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    SIGN_IN = "sign_in"
    FOLDERS = "folders"
    SEND = "send"


class ProxyKind(Enum):
    """SOCKS5 (RFC 1928, names are looked up by the proxy), or HTTP CONNECT (RFC 9110, 9.3.6)."""

    SOCKS5 = "socks5"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy all of an account's connections go through. user "": it wants nobody to sign in."""

    kind: ProxyKind
    host: str
    port: int
    user: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """What `net.connect` needs beside the server's own place.

    ca_file: path of certificates (PEM) trusted besides the system's, or "".
    certificate: path of a PEM file with one's own certificate and its key, or "".
    certificate_secret: what the key is locked with, or "". proxy_secret: the proxy's password.
    reached: called by `net.connect` with NAME, CONNECTION and CERTIFICATE as each is reached.
    """

    ca_file: str = ""
    pins: tuple[Pin, ...] = ()
    proxy: Proxy | None = None
    proxy_secret: str = field(default="", repr=False)
    certificate: str = ""
    certificate_secret: str = field(default="", repr=False)
    reached: Callable[[Stage], None] | None = field(default=None, repr=False, compare=False)


STRAIGHT = Route()
