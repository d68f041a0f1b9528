"""The words that are known, by enchant: looked up in a thread of its own, remembered here.

Enchant's dictionaries are those of the desktop (hunspell, aspell, nuspell ...), with the words a
person added to them elsewhere. They belong to one thread. Where there is no enchant, no language
is known and nothing is ever wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Qt, Signal
from shiboken6 import isValid

if TYPE_CHECKING:
    import enchant

_log = logging.getLogger("martlet.spelling")

_MOST_KNOWN = 200_000
_SUGGESTIONS = 6

Job = Callable[[], None]


class Dictionaries(QObject):
    """looked_up: words are known now that were asked for. ready: the languages are known now."""

    looked_up = Signal()
    ready = Signal()
    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._languages: tuple[str, ...] | None = None
        self._known: dict[tuple[str, str], bool] = {}
        self._asked: set[tuple[str, str]] = set()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._shelf = _Shelf()
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)
        # With us goes the thread, which must not be waited for then.
        jobs = self._jobs
        self.destroyed.connect(lambda: jobs.put(None))
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def open(self) -> None:
        """Finds out which languages there are; `ready` follows once."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="spelling", daemon=True)
            self._thread.start()
            self._do(self._shelf.languages, self._found)

    def close(self) -> None:
        """Ends the thread; nothing is looked up any more."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            thread.join()

    @property
    def languages(self) -> tuple[str, ...]:
        """Those there are words of, as "en_GB"; none before `ready`."""
        return self._languages or ()

    def verdict(self, language: str, word: str) -> bool | None:
        """Whether a word is right; None: not looked up yet."""
        return self._known.get((language, word))

    def look_up(self, languages: Sequence[str], words: Iterable[str]) -> bool:
        """Asks for words that are not known yet. False: no answer is to come any more."""
        wanted = [
            (language, word)
            for word in words
            for language in languages
            if (language, word) not in self._known and (language, word) not in self._asked
        ]
        if wanted and self._thread is not None:
            self._asked.update(wanted)
            self._do(lambda: self._shelf.check(wanted), self._learn)
        return bool(self._asked)

    def suggest(
        self, languages: Sequence[str], word: str, then: Callable[[list[str]], None]
    ) -> None:
        """Words that may be meant, the likeliest first."""
        if self._thread is None:
            then([])
            return
        self._do(lambda: self._shelf.suggest(languages, word), then)

    def _found(self, languages: tuple[str, ...]) -> None:
        self._languages = languages
        self.ready.emit()

    def _learn(self, found: dict[tuple[str, str], bool]) -> None:
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known.update(found)
        self._asked.difference_update(found)
        self.looked_up.emit()

    def _do(self, work: Callable[[], object], then: Callable[..., None]) -> None:
        """Works in the thread; `then` gets the result here, unless we are gone by then."""

        def job() -> None:
            result = work()
            if isValid(self):
                self._answered.emit((then, result))

        self._jobs.put(job)

    def _take(self, answer: tuple[Callable[[object], None], object]) -> None:
        then, result = answer
        if self._thread is not None:
            then(result)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
        self._shelf.put_away()


class _Shelf:
    """What belongs to the thread: enchant and its dictionaries, each opened when first wanted."""

    def __init__(self) -> None:
        self._broker: enchant.Broker | None = None
        self._open: dict[str, enchant.Dict | None] = {}

    def languages(self) -> tuple[str, ...]:
        try:
            import enchant  # the library may be missing, and is not wanted before a letter is
        except ImportError as error:
            _log.info("spelling is not checked: %s", str(error).splitlines()[0])
            return ()
        self._broker = enchant.Broker()
        try:
            return tuple(sorted(self._broker.list_languages()))
        except enchant.errors.Error as error:
            _log.warning("enchant: %s", error)
            return ()

    def check(self, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bool]:
        found = {}
        for language, word in wanted:
            book = self._book(language)
            # Without its dictionary no word of a language is wrong.
            found[language, word] = book is None or _right(book, word)
        return found

    def suggest(self, languages: Sequence[str], word: str) -> list[str]:
        found: dict[str, None] = {}
        for language in languages:
            book = self._book(language)
            if book is not None:
                found.update(dict.fromkeys(book.suggest(word)[:_SUGGESTIONS]))
        return list(found)[:_SUGGESTIONS]

    def put_away(self) -> None:
        self._open.clear()
        self._broker = None

    def _book(self, language: str) -> enchant.Dict | None:
        if language not in self._open:
            self._open[language] = self._opened(language)
        return self._open[language]

    def _opened(self, language: str) -> enchant.Dict | None:
        if self._broker is None:
            return None
        import enchant

        try:
            return self._broker.request_dict(language)
        except enchant.errors.Error as error:
            _log.warning("no words of %s: %s", language, error)
            return None


def _right(book: enchant.Dict, word: str) -> bool:
    return bool(book.check(word))


def usual(available: Sequence[str]) -> tuple[str, ...]:
    """The languages of this desktop that there are words of, and English where there is none."""
    wanted = [QLocale(name) for name in QLocale.system().uiLanguages()]
    found: dict[str, None] = {}
    for locale in wanted:
        name = locale.name()
        same = [each for each in available if each.split("_")[0] == name.split("_")[0]]
        if name in available:
            found[name] = None
        elif same:
            found[same[0]] = None
    if not found:
        english = [each for each in available if each.startswith("en")]
        best = "en_US" if "en_US" in english else next(iter(english), "")
        if best:
            found[best] = None
    return tuple(found)
