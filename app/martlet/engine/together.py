"""Several questions at once, none of which is waited for beyond a moment, or longer than needed."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def never(answers: Sequence[object]) -> bool:
    """No answer makes the others needless."""
    return False


def together(
    questions: Sequence[Callable[[], T]],
    until: float,
    enough: Callable[[Sequence[T | None]], bool] = never,
) -> list[T | None]:
    """The answers in the questions' order; None for what is not there by then.

    until: by time.monotonic. enough: whether these answers, None for those still to come, make
    waiting for the others needless. The threads of late ones end by themselves and hold nothing
    up, the end of the program neither. What a question raises is raised here.
    """
    done: queue.SimpleQueue[tuple[int, T | BaseException]] = queue.SimpleQueue()

    def ask(number: int, question: Callable[[], T]) -> None:
        try:
            done.put((number, question()))
        except BaseException as error:
            done.put((number, error))

    for number, question in enumerate(questions):
        threading.Thread(
            target=ask, args=(number, question), name=f"question:{number}", daemon=True
        ).start()
    answers: list[T | None] = [None] * len(questions)
    for _ in questions:
        try:
            number, answer = done.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            break
        if isinstance(answer, BaseException):
            raise answer
        answers[number] = answer
        if enough(answers):
            break
    return answers
