"""Prints how soon the window is there, what it weighs, and how long its loop is ever busy.

Run: PYTHONPATH=app:tests python tests/bench/window.py [start|memory|scroll|keys|sync|all]
     [COUNT ...] [--keep FOLDER]

FOLDER: profiles are made there and used again. The window is the real program on an Xvfb of its
own (offscreen where there is none), its engine a process of its own. Files are in the system's
cache: these are second starts. Best and median of `ROUNDS`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from bench.big_store import account, make, refusing
from bench.mailbag import messages
from martlet.mail.account import Protocol, Security
from support.dovecot import Dovecot, free_port

ROUNDS = 3
SYNCED = 10_000
_HERE = Path(__file__).resolve().parent
_APP = _HERE.parents[1] / "app"
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PATIENCE_S = 90.0
_REST_S = 1.0


@contextlib.contextmanager
def display() -> Iterator[dict[str, str]]:
    """The environment of a window."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{_APP}{os.pathsep}{_APP.parent / 'tests'}",
        "QT_NO_GLIB": "1",
    }
    environment.pop("WAYLAND_DISPLAY", None)
    if os.getuid() == 0:
        environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium refuses root otherwise
    if shutil.which("Xvfb") is None:
        yield {**environment, "QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with open(reading) as said:
        number = said.readline().strip()
    try:
        yield {**environment, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


class Running:
    """A window process and what it prints."""

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._said: list[dict[str, Any]] = []
        self._news = threading.Condition()
        assert self.process.stdout is not None
        threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True).start()

    @classmethod
    def probe(
        cls, do: str, profile: Path, environment: Mapping[str, str], rows: int = 0
    ) -> Running:
        script = str(_HERE / "window_probe.py")
        command = [sys.executable, script, do, str(rows), "--profile", str(profile)]
        return cls(command, environment)

    def _listen(self, output: TextIO) -> None:
        for line in output:
            with self._news:
                self._said.append(json.loads(line))
                self._news.notify_all()

    def wait_for(self, what: str, of: str = "") -> dict[str, Any]:
        """The first line of this kind."""

        def found() -> dict[str, Any] | None:
            return next(
                (s for s in self._said if s["what"] == what and of in ("", s.get("of"))), None
            )

        with self._news:
            if not self._news.wait_for(lambda: found() is not None, _PATIENCE_S):
                raise RuntimeError(f"no word of {what}")
            said = found()
        assert said is not None
        return said

    def say(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def tree(self) -> dict[int, str]:
        """Its processes and those they started, by id, with what each is."""
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    words = (entry / "stat").read_text().rpartition(")")[2].split()
                    parents[int(entry.name)] = int(words[1])
        family = [self.process.pid]
        for one in family:
            family += [child for child, parent in parents.items() if parent == one]
        return {pid: _kind(pid, self.process.pid) for pid in family}

    def rest(self) -> float:
        """Waits until none of its processes does anything for a second; when that began."""
        since, before = time.perf_counter(), -1.0
        while True:
            spent = sum(_spent(pid) for pid in self.tree())
            now = time.perf_counter()
            # One tick of the clock is what a sleeping program may need.
            if abs(spent - before) > 1.5 * _TICK_S:
                since, before = now, spent
            if now - since > _REST_S:
                return since
            time.sleep(0.02)

    def pss(self) -> dict[str, float]:
        """MiB by kind of process."""
        found: dict[str, float] = {}
        for pid, kind in self.tree().items():
            with contextlib.suppress(OSError):
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
                kib = next(int(x.split()[1]) for x in rollup.splitlines() if x.startswith("Pss:"))
                found[kind] = found.get(kind, 0.0) + kib / 1024
        return found

    def neighbours(self) -> int:
        """How many other processes have Qt in memory too: PSS counts what is shared in parts."""
        own, found = self.tree(), 0
        for maps in Path("/proc").glob("[0-9]*/maps"):
            with contextlib.suppress(OSError):
                found += int(maps.parts[2]) not in own and "libQt6Core" in maps.read_text()
        return found

    def end(self) -> None:
        """After the window was told to close, or to end a program that cannot be told."""
        family = self.tree()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait(10)
        # The engine lasts a moment longer, and the next start must not find it.
        until = time.perf_counter() + 10
        while time.perf_counter() < until and any(Path(f"/proc/{pid}").exists() for pid in family):
            time.sleep(0.02)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.end()


def _kind(pid: int, root: int) -> str:
    if pid == root:
        return "window"
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if b"engine" in words:
            return "engine"
        if any(b"QtWebEngineProcess" in word for word in words):
            return "Chromium"
    return "other"


def _spent(pid: int) -> float:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) * _TICK_S


# What is printed


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def show(what: str, values: list[float], unit: str, note: str = "") -> None:
    best, median = min(values), statistics.median(values)
    print(f"{what:<44}{best:>9.1f}{median:>9.1f} {unit:<4} {note}", flush=True)


def spread(what: str, values: list[float]) -> None:
    over = (sum(1 for v in values if v > 16), sum(1 for v in values if v > 50))
    print(
        f"{what:<44} p50 {percentile(values, 0.5):>6.2f}  p99 {percentile(values, 0.99):>6.2f}"
        f"  worst {max(values, default=0):>6.1f} ms  of {len(values)}, over 16: {over[0]},"
        f" over 50: {over[1]}",
        flush=True,
    )


def turns(what: str, said: dict[str, Any]) -> None:
    spread(f"{what}: turn", said["wall"])
    spread(f"{what}: turn, without waiting for a core", said["own"])
    if "paints" in said:
        spread(f"{what}: painting the list", said["paints"])


# What is measured


def start(profile: Path, environment: Mapping[str, str], count: int) -> None:
    row: list[float] = []
    loaded: list[float] = []
    rest: list[float] = []
    for _ in range(ROUNDS):
        window = Running.probe("wait", profile, environment)
        row.append((window.wait_for("row")["at"] - window.began) * 1000)
        loaded.append((window.wait_for("loaded")["at"] - window.began) * 1000)
        rest.append((window.rest() - window.began) * 1000)
        window.say("quit")
        window.end()
    show(f"{count}: first row painted, from exec", row, "ms")
    show(f"{count}: all keys loaded", loaded, "ms")
    show(f"{count}: all processes at rest", rest, "ms")


def memory(profile: Path, environment: Mapping[str, str], count: int) -> None:
    plain: list[dict[str, float]] = []
    before: list[dict[str, float]] = []
    after: list[dict[str, float]] = []
    shown: list[float] = []
    neighbours: list[int] = []
    for _ in range(ROUNDS):
        command = [sys.executable, "-m", "martlet", "--profile", str(profile)]
        window = Running(command, environment)
        time.sleep(1.5)
        window.rest()
        plain.append(window.pss())
        window.stop()
        window = Running.probe("wait", profile, environment)
        window.wait_for("row")
        window.rest()
        before.append(window.pss())
        asked = time.perf_counter()
        window.say("html")
        shown.append((window.wait_for("shown")["at"] - asked) * 1000)
        time.sleep(1)
        window.rest()
        after.append(window.pss())
        neighbours.append(window.neighbours())
        window.say("quit")
        window.end()
    for what, found in (
        ("PSS at rest, the program itself", plain),
        ("PSS at rest, watched", before),
        ("PSS with an HTML message", after),
    ):
        last = ", ".join(f"{kind} {mib:.0f}" for kind, mib in found[-1].items())
        show(f"{count}: {what}", [sum(one.values()) for one in found], "MiB", last)
    show(f"{count}: first HTML message shown", shown, "ms")
    print(f"{count}: other processes that share Qt: {neighbours} (with none the PSS is higher)")


def scroll(profile: Path, environment: Mapping[str, str], count: int, do: str) -> None:
    kinds: tuple[str, ...] = ("page by page", "random jumps")
    if do == "keys":
        kinds = ("Page Down with messages opening",)
    for _ in range(ROUNDS):
        window = Running.probe(do, profile, environment)
        for kind in kinds:
            turns(f"{count} {kind}", window.wait_for("turns", kind))
        window.end()


def sync(environment: Mapping[str, str]) -> None:
    bag = list(messages(SYNCED))
    with Dovecot() as server, tempfile.TemporaryDirectory() as place:
        server.deliver_many("ada", bag)
        # The server's own first look at new files is not what is measured.
        server.doveadm("mailbox", "status", "-u", "ada", "messages", "INBOX")
        server.doveadm("fetch", "-u", "ada", "size.virtual", "mailbox", "INBOX")
        for round_ in range(ROUNDS):
            for do in ("sync", "sync-scroll"):
                root = Path(place) / f"{do}-{round_}"
                ours = server.server(Protocol.IMAP, "ada", Security.NONE)
                make(root, account(ours, server.password), 0)
                window = Running.probe(do, root, environment, SYNCED)
                first = (window.wait_for("row")["at"] - window.began) * 1000
                said = window.wait_for("turns", do)
                window.end()
                print(
                    f"{do}: first row {first:.0f} ms after exec, {said['rows']} rows and at rest"
                    f" after {said['seconds']:.1f} s"
                )
                turns(do, said)


def main() -> None:
    parser = argparse.ArgumentParser()
    every = ("start", "memory", "scroll", "keys", "sync")
    parser.add_argument("do", nargs="?", default="all", choices=(*every, "all"))
    parser.add_argument("counts", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_intermixed_args()
    doing = every if chosen.do == "all" else (chosen.do,)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<44}{'best':>9}{'median':>9}")
    with display() as environment, tempfile.TemporaryDirectory() as place:
        folder: Path = chosen.keep or Path(place)
        for count in chosen.counts if doing != ("sync",) else ():
            profile = folder / f"{count // 1000}k"
            if not (profile / "martlet.db").exists():
                make(profile, account(refusing(free_port()), "none"), count)
            for do in doing:
                if do == "start":
                    start(profile, environment, count)
                elif do == "memory":
                    memory(profile, environment, count)
                elif do != "sync":
                    scroll(profile, environment, count, do)
        if "sync" in doing:
            sync(environment)


if __name__ == "__main__":
    main()
