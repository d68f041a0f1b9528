"""Jobs of a worker and the queue they wait in.

Priorities (DESIGN 3): 0 what the user waits for, 1 replay and what the user looks at, 2 inbox,
3 other folders, 4 older mail, 5 prefetch, 6 the end of a pass. Within one priority: first come,
first served. A long job does a slice and queues its rest, so that a 0 never waits long.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from threading import Lock

from martlet.mail.account import SyncReport
from martlet.mail.errors import MailError, Refused, StoreError
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.mail.outgoing import OutboxId
from martlet.mail.sync import FolderInfo


class Priority(IntEnum):
    USER = 0
    REPLAY = 1
    INBOX = 2
    FOLDER = 3
    OLDER = 4
    PREFETCH = 5
    FINISH = 6


@dataclass(frozen=True, slots=True)
class PassJob:
    """List the folders and look at each."""

    headers_only: bool = False


@dataclass(frozen=True, slots=True)
class FolderJob:
    """Compare one folder with the server."""

    folder_id: FolderId
    headers_only: bool = False


@dataclass(frozen=True, slots=True)
class SummariesJob:
    """Fetch the next slice of headers this folder still lacks."""

    folder_id: FolderId


@dataclass(frozen=True, slots=True)
class IndexJob:
    """Put headers into the index that came too many at a time."""


@dataclass(frozen=True, slots=True)
class BodiesJob:
    """Fetch the next slice of bodies this folder still lacks.

    everything: also what is not kept here otherwise, being too old or too large.
    """

    folder_id: FolderId
    everything: bool = False


@dataclass(frozen=True, slots=True)
class BodyJob:
    """Fetch what is needed to read this message, which somebody waits for."""

    message_id: MessageId


@dataclass(frozen=True, slots=True)
class TransferJob:
    """Fetch the next slice of one part of a message, or of the whole (section "")."""

    message_id: MessageId
    section: str


@dataclass(frozen=True, slots=True)
class GivenJob:
    """Fetch these messages of one folder whole."""

    folder_id: FolderId
    message_ids: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class PropertiesJob:
    """Ask for what the properties of a folder show; its answer is a FolderInfo."""

    folder_id: FolderId


@dataclass(frozen=True, slots=True)
class FileJob:
    """See that the copy of a sent message is in Sent, once; or find out about an unknown one."""

    outbox_id: OutboxId


@dataclass(frozen=True, slots=True)
class FinishJob:
    """All of a pass has been done: answer who waits for it."""


Job = (
    PassJob
    | FolderJob
    | SummariesJob
    | IndexJob
    | BodiesJob
    | BodyJob
    | TransferJob
    | GivenJob
    | FileJob
    | PropertiesJob
    | FinishJob
)
# What a job answers to those who wait for it.
Answer = SyncReport | FolderInfo | None
# What a person asked for and need not wait for: a lost line does not end it.
ASKED = (GivenJob, TransferJob)
# Fetched ahead of need: what a pause holds back.
AHEAD = (SummariesJob, BodiesJob)


def is_asked_for(job: Job) -> bool:
    """Whether a person asked for this download; it outlives a lost line."""
    return isinstance(job, ASKED) or (isinstance(job, BodiesJob) and job.everything)


class JobQueue:
    """Jobs by priority; the same job is queued once, and everyone who asked for it is answered."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Job]] = []
        self._waiting: dict[Job, list[Future[Answer]]] = {}
        self._count = count()
        self._closed: MailError | None = None
        self._lock = Lock()

    def put(self, job: Job, priority: Priority, future: Future[Answer] | None = None) -> None:
        self.again(job, priority, [future] if future is not None else [])

    def again(self, job: Job, priority: Priority, futures: list[Future[Answer]]) -> None:
        """Queues a job, or the rest of one that has done a slice; those who wait go on waiting."""
        with self._lock:
            closed = self._closed
            if closed is None:
                known = job in self._waiting
                self._waiting.setdefault(job, []).extend(futures)
                queued = known and all(p <= priority for p, _, one in self._heap if one == job)
                if not queued:
                    heapq.heappush(self._heap, (priority, next(self._count), job))
        if closed is not None:
            refuse(futures, closed)

    def asked_for(self) -> list[Job]:
        """The downloads that a person asked for and that wait their turn."""
        with self._lock:
            return [job for job in self._waiting if is_asked_for(job)]

    def take_out(self, kinds: tuple[type[Job], ...]) -> list[Job]:
        """Takes jobs of these kinds out; who waits for one is told that it was stopped."""
        with self._lock:
            taken = [job for job in self._waiting if isinstance(job, kinds)]
            futures = [future for job in taken for future in self._waiting.pop(job)]
        refuse(futures, Refused("This was stopped."))
        return taken

    def pop(self) -> tuple[Job, list[Future[Answer]]] | None:
        """The most urgent job and who waits for it, or None."""
        with self._lock:
            while self._heap:
                _, _, job = heapq.heappop(self._heap)
                # A job put again with more urgency stands in the heap twice; the first one counts.
                futures = self._waiting.pop(job, None)
                if futures is not None:
                    return job, futures
            return None

    def most_urgent(self) -> Priority:
        """How urgent what waits is; FINISH when nothing does."""
        with self._lock:
            while self._heap and self._heap[0][2] not in self._waiting:
                heapq.heappop(self._heap)
            return Priority(self._heap[0][0]) if self._heap else Priority.FINISH

    def __len__(self) -> int:
        with self._lock:
            return len(self._waiting)

    def close(self, error: MailError) -> None:
        """Like `fail`, and whoever puts something from now on gets the error too."""
        with self._lock:
            self._closed = error
        self.fail(error)

    def fail(self, error: MailError) -> None:
        """Empties the queue; everyone who waits gets the error."""
        with self._lock:
            waiting = [future for futures in self._waiting.values() for future in futures]
            self._waiting.clear()
            self._heap.clear()
        refuse(waiting, error)


def answer(futures: list[Future[Answer]], result: Answer) -> None:
    """Gives the result to those whose asker has not given up."""
    for future in futures:
        if future.set_running_or_notify_cancel():
            future.set_result(result)


def refuse(futures: list[Future[Answer]], error: MailError) -> None:
    """Gives the error to those whose asker has not given up."""
    for future in futures:
        if future.set_running_or_notify_cancel():
            future.set_exception(error)


@contextmanager
def answering(futures: list[Future[Answer]]) -> Iterator[None]:
    """Whatever is raised inside reaches those who wait, and goes on."""
    try:
        yield
    except MailError as error:
        refuse(futures, error)
        raise
    except Exception as error:
        refuse(futures, StoreError("Something went wrong inside Martlet.", type(error).__name__))
        raise
