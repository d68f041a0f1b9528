"""The preview process as the window sees it: hands it one job after the other, believes nothing.

    none --a job--> starting --> busy --answer--> idle --nothing for a minute--> none
                                  └─ it died, is silent for too long, talks nonsense: ended; the job
                                     fails, its file is not tried again, the next job starts another

What a person waits for goes before what is only nice to have. Never two at a time.
"""

from __future__ import annotations

import itertools
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from weakref import WeakSet

from PySide6.QtCore import QObject, QProcess, QTimer
from PySide6.QtGui import QImage

from martlet.ui.child import child_of, environment
from martlet.ui.preview import wire
from martlet.ui.preview.wire import MAX_FILE, Answer, Incoming, Request, Trouble, What

_IDLE_MS = 60_000
_PATIENCE_MS = 15_000
# So much less for what nobody asked for.
_HASTE = 4
_TOO_MUCH_TIME = 24  # SIGXCPU
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Source:
    """A file to be looked at. pdf: a document, else a picture (or text, if it is read)."""

    data: bytes
    pdf: bool = False
    charset: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What is asked of one source; `done` gets the answer and its body."""

    source: Source
    what: What
    done: Callable[[Answer, bytes], None]
    failed: Callable[[Trouble], None]
    page: int = 0
    width: int = 0
    height: int = 0


class PreviewProcess(QObject):
    """For one window. command: what to start (tests start others)."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        command: Sequence[str] = (),
        idle_ms: int = _IDLE_MS,
        patience_ms: int = _PATIENCE_MS,
    ) -> None:
        super().__init__(parent)
        self._command = list(command) or [sys.executable, "-P", "-m", "martlet.ui.preview"]
        self._process: QProcess | None = None
        self._urgent: deque[Job] = deque()
        self._later: deque[Job] = deque()
        self._running: Job | None = None
        self._number = 0
        self._numbers = itertools.count(1)
        self._holds: Source | None = None
        self._incoming = Incoming()
        self._left = memoryview(b"")
        self._patience_ms = patience_ms
        self._bad: WeakSet[Source] = WeakSet()
        self._patience = self._timer(patience_ms, self._too_slow)
        self._idle = self._timer(idle_ms, self.end)

    def _timer(self, pause_ms: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(pause_ms)
        timer.timeout.connect(then)
        return timer

    @property
    def pid(self) -> int:
        """Of the process that runs now, 0 if none does."""
        return self._process.processId() if self._process is not None else 0

    def ask(self, job: Job, *, urgent: bool = True) -> None:
        """One of the two of the job is called later, never from within this; of none that still
        waits when the same page is to be drawn anew."""
        queue = self._urgent if urgent else self._later
        for each in [each for each in queue if _drawn_anew(each, job)]:
            queue.remove(each)
        queue.append(job)
        QTimer.singleShot(0, self, self._next)

    def forget(self, source: Source | None = None) -> None:
        """What is queued for this source, or at all, is not wanted any more; nobody is called."""
        for queue in (self._urgent, self._later):
            kept = [job for job in queue if source is not None and job.source is not source]
            queue.clear()
            queue.extend(kept)
        running = self._running
        if running is not None and (source is None or running.source is source):
            self._running = Job(running.source, running.what, lambda *_: None, lambda _: None)

    def end(self) -> None:
        """Ends the process; another starts when one is needed."""
        process, self._process = self._process, None
        self._holds = None
        self._left = memoryview(b"")
        self._incoming = Incoming()
        if process is not None:
            process.readyReadStandardOutput.disconnect(self._read)
            process.bytesWritten.disconnect(self._written)
            process.finished.disconnect(self._ended)
            process.errorOccurred.disconnect(self._wrong)
            process.kill()

    def _next(self) -> None:
        if self._running is not None or not (self._urgent or self._later):
            return
        urgent = bool(self._urgent)
        self._patience.setInterval(self._patience_ms // (1 if urgent else _HASTE))
        job = (self._urgent or self._later).popleft()
        self._idle.stop()
        if len(job.source.data) > MAX_FILE:
            self._fail(job, Trouble.TOO_LARGE)
        elif job.source in self._bad:
            self._fail(job, Trouble.DIED)
        else:
            self._running = job
            self._start(job)

    def _fail(self, job: Job, trouble: Trouble) -> None:
        job.failed(trouble)
        QTimer.singleShot(0, self, self._next)

    def _start(self, job: Job) -> None:
        if self._process is None:
            self._process = self._started()
        fresh = self._holds is not job.source
        self._holds = job.source
        self._number = next(self._numbers)
        body = job.source.data if fresh else b""
        head = Request(
            self._number,
            job.what,
            job.source.pdf,
            job.page,
            job.width,
            job.height,
            job.source.charset,
            fresh,
        )
        self._left = memoryview(body)
        self._patience.start()
        self._process.write(wire.frame(head, len(body)))
        self._feed()

    def _started(self) -> QProcess:
        process = child_of(self)
        process.setProcessEnvironment(environment())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read)
        process.bytesWritten.connect(self._written)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._wrong)
        process.start(self._command[0], self._command[1:])
        return process

    def _written(self, _count: int) -> None:
        self._feed()

    def _feed(self) -> None:
        """In pieces: a large file must not be copied in one turn."""
        process = self._process
        while process is not None and self._left and process.bytesToWrite() < _PIECE:
            process.write(bytes(self._left[:_PIECE]))
            self._left = self._left[_PIECE:]

    def _read(self) -> None:
        if self._process is None:
            return
        self._incoming.feed(bytes(self._process.readAllStandardOutput().data()))
        try:
            came = self._incoming.next()
        except ValueError:
            self._over(Trouble.DIED)
            return
        if came is None:
            return
        answer, body = came
        job = self._running
        if job is None or answer.number != self._number:
            self._over(Trouble.DIED)
            return
        self._running = None
        self._patience.stop()
        self._idle.start()
        if answer.trouble is not None:
            job.failed(answer.trouble)
        else:
            job.done(answer, body)
        QTimer.singleShot(0, self, self._next)

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        # Nothing is left to end; one that Qt takes apart cannot be spoken to either.
        self._process = None
        crashed = status is QProcess.ExitStatus.CrashExit
        self._over(Trouble.SLOW if crashed and code == _TOO_MUCH_TIME else Trouble.DIED)

    def _wrong(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._over(Trouble.NOT_STARTED)

    def _too_slow(self) -> None:
        self._over(Trouble.SLOW)

    def _over(self, trouble: Trouble) -> None:
        """It is of no use any more; the job that ended it is over, too."""
        self._patience.stop()
        self.end()
        job, self._running = self._running, None
        if job is not None:
            self._bad.add(job.source)
            self._fail(job, trouble)


def _drawn_anew(job: Job, later: Job) -> bool:
    same = job.source is later.source and job.page == later.page
    return same and job.what is later.what is What.DRAW


def image_of(answer: Answer, body: bytes) -> QImage:
    """The pixels of an answer as an image of their own."""
    image = QImage(
        body,
        answer.width,
        answer.height,
        answer.width * 4,
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    return image.copy()
