"""A private D-Bus session, with a real gnome-keyring where wanted, for programs of a test.

    with Session(folder, keyring="unlocked") as session:
        subprocess.run(..., env=session.environment)

keyring: "" for none; "unlocked"; "locked": one that was made and that nobody unlocks. Everything
lies below `folder`, which may be used again: what a keyring holds stays there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from jeepney import MatchRule
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

_SECRETS = "org.freedesktop.secrets"
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
{services}<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""

_ITEMS = """
import secretstorage
from contextlib import closing
with closing(secretstorage.dbus_init()) as bus:
    print(len(list(secretstorage.get_default_collection(bus).get_all_items())))
"""


def missing(*programs: str) -> list[str]:
    """Those of the programs that are not here."""
    wanted = ("dbus-daemon", *programs)
    return [name for name in wanted if shutil.which(name) is None]


def unpacked(server: str, program: str, *needs: str) -> Path | None:
    """The folder below which a program lies, and other files it needs: the system's, or that of
    packages unpacked for tests only. None when it is not here.
    """
    places = (Path("/"), Path(sys.prefix) / "servers" / server)
    found = (one for one in places if all((one / name).exists() for name in (program, *needs)))
    return next(found, None)


class Session:
    """services: a folder of .service files for what the bus may start by itself."""

    def __init__(self, folder: Path, *, keyring: str = "", services: Path | None = None) -> None:
        self.folder = folder
        self._keyring = keyring
        self._services = services
        self._bus: subprocess.Popen[bytes] | None = None
        self._pid = 0
        for name in ("data", "config", "run"):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL")
        }
        # A socket's path is short; pytest's folders are not.
        self.socket = Path("/tmp") / f"martlet-bus-{os.getpid()}-{id(self):x}"
        self.environment = kept | {
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.socket}",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }

    def __enter__(self) -> Session:
        config = self.folder / "bus.conf"
        services = f"<servicedir>{self._services}</servicedir>" if self._services else ""
        config.write_text(_CONFIG.format(socket=self.socket, services=services))
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._bus.stdout is not None
        self._bus.stdout.readline()  # it listens
        if self._keyring == "locked":
            # Made first, by somebody who knows its password.
            self._start_keyring(unlock=True)
            self._end_keyring()
        if self._keyring:
            self._start_keyring(unlock=self._keyring == "unlocked")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pid:
            self._end_keyring()
        if self._bus is not None:
            self._bus.terminate()
            self._bus.wait(30)
            assert self._bus.stdout is not None
            self._bus.stdout.close()
        self.socket.unlink(missing_ok=True)

    def end_keyring(self) -> None:
        """The keyring goes away, as when its daemon crashes."""
        self._end_keyring()

    def python(self, script: str, *words: str, timeout_s: float = 60.0) -> list[str]:
        """The lines that a Python script prints here; fails with its stack when it fails."""
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def _start_keyring(self, *, unlock: bool) -> None:
        # It goes into the background, and takes its name a moment later.
        subprocess.run(
            ["gnome-keyring-daemon", "--unlock" if unlock else "--start", "--components=secrets"],
            env=self.environment,
            input=b"the keyring's password" if unlock else b"",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=True,
        )
        self._pid = self.owner(_SECRETS)

    @contextlib.contextmanager
    def daemon(self, place: Path, program: str, name: str) -> Iterator[None]:
        """A desktop's own program runs in this session for the block, once it has its name.

        place: what `unpacked` answered.
        """
        environment = self.environment | {"QT_QPA_PLATFORM": "offscreen"}
        if place != Path("/"):
            libraries = [path for path in (place / "usr" / "lib").glob("*-linux-gnu*")]
            environment |= {
                "LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries)),
                "QT_PLUGIN_PATH": os.pathsep.join(f"{path}/qt5/plugins" for path in libraries),
                "XDG_DATA_DIRS": f"{place}/usr/share:/usr/share",
            }
        process = subprocess.Popen(
            [str(place / program)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.owner(name)
            yield
        finally:
            process.terminate()
            process.wait(30)

    def items(self) -> int:
        """How many items the keyring holds."""
        return int(self.python(_ITEMS)[0])

    def owner(self, name: str) -> int:
        """The process that has a name on the bus; waits until one has it."""
        rule = MatchRule(
            type="signal", sender=message_bus.bus_name, member="NameOwnerChanged",
            path=message_bus.object_path, interface=message_bus.interface,
        )  # fmt: skip
        rule.add_arg_condition(0, name)
        with open_dbus_connection(self.environment["DBUS_SESSION_BUS_ADDRESS"]) as bus:
            proxy = Proxy(message_bus, bus)
            proxy.AddMatch(rule)
            with bus.filter(rule) as changes:
                if not proxy.NameHasOwner(name)[0]:
                    bus.recv_until_filtered(changes, timeout=20.0)
            pid: int = proxy.GetConnectionUnixProcessID(name)[0]
            return pid

    def _end_keyring(self) -> None:
        pid, self._pid = self._pid, 0
        if not pid:
            return
        with contextlib.suppress(ProcessLookupError):
            watch = os.pidfd_open(pid)
            try:
                os.kill(pid, signal.SIGTERM)
                _ended(watch)
            finally:
                os.close(watch)


def _ended(watch: int) -> None:
    """Returns when the process is gone (pidfd_open(2): readable then)."""
    import select

    if not select.select([watch], [], [], 10.0)[0]:
        raise RuntimeError("the keyring's daemon did not end")
