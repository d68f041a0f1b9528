"""How discovery and pictures reach the network: a matter of its own, so that tests can lead it all
home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from martlet.mail.discovery import ISPDB_HOST
from martlet.mail.reading import Picture
from martlet.mail.route import Route
from martlet.net.pictures import PictureWeb, of_the_internet
from martlet.net.reach import LookUp, look_up


@dataclass(frozen=True, slots=True)
class Network:
    """How the network is reached; a test leads all of it to loopback.

    ca_file: trusted besides the system's certificates. nameserver: (address, port), None for the
    system's. look_up: what a name and a port lead to. ispdb: the domain is put behind it.
    round_s: for each of the two rounds of questions. greeting_s: for the parts of one greeting.
    pictures_from: whether pictures may be fetched from an address. picture_s: for one of them.
    """

    ca_file: str = ""
    nameserver: tuple[str, int] | None = None
    look_up: LookUp = look_up
    ispdb: str = f"https://{ISPDB_HOST}/v1.1/"
    round_s: float = 5.0
    greeting_s: float = 2.0
    pictures_from: Callable[[str], bool] = of_the_internet
    picture_s: float = 20.0

    def picture(self, url: str, route: Route) -> Picture:
        """Fetches a picture; `PictureWeb.get`."""
        web = PictureWeb(
            ca_file=self.ca_file,
            look_up=self.look_up,
            permitted=self.pictures_from,
            timeout_s=self.picture_s,
        )
        return web.get(url, route)


INTERNET = Network()
