"""Wrong words of a letter, marked where they are seen, and what can be done about each.

Only what is on the screen is judged, from words that are remembered: a key that is pressed costs
the paragraphs shown. Nothing of the document changes. Quotes, the signature and code are not the
writer's own words; the word being typed is left alone until it is finished.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen, QTextBlock, QTextCursor, QTextLine

from martlet.ui import theme
from martlet.ui.compose.spelling.dictionaries import Dictionaries, usual
from martlet.ui.compose.spelling.judging import Judgement, judge
from martlet.ui.compose.spelling.scripts import alphabet, written_in
from martlet.ui.compose.spelling.words import Word
from martlet.ui.compose.text.document import quote_level
from martlet.ui.compose.text.places16 import code_point, spanning, utf16

if TYPE_CHECKING:
    from martlet.ui.compose.text.editor import BodyEditor
    from martlet.ui.settings import Settings

OWN_WORDS = "write.words"
_ON, _LANGUAGES = "write.spell", "write.languages"
_REMEMBERED = 2000
_LONGEST = 20_000
_SIGNATURE_LINES = 15
_WAVE = 4.0


class Spelling(QObject):
    """Spelling of one letter. settings: where languages and the writer's own words are kept."""

    def __init__(self, editor: BodyEditor, settings: Settings, dictionaries: Dictionaries) -> None:
        super().__init__(editor)
        self._editor = editor
        self._settings = settings
        self._dictionaries = dictionaries
        self._ignored: set[str] = set()
        self._judged: OrderedDict[str, Judgement] = OrderedDict()
        self._unknown: set[str] = set()
        self._then: Callable[[], None] | None = None
        self._own_text, self._own = "", frozenset[str]()
        # Whether the cursor is where it is because something was written there.
        self._writing = False
        self._revision = -1
        # What is painted tells what must be looked up; it is asked for once all is painted.
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(0)
        self._asking.timeout.connect(self._ask)
        editor.over.append(self._paint)
        editor.cursorPositionChanged.connect(self._moved)
        dictionaries.ready.connect(self._again)
        dictionaries.looked_up.connect(self._again)
        if self.on:
            dictionaries.open()

    # What is asked for

    @property
    def on(self) -> bool:
        return not self._settings.has(_ON) or self._settings.number(_ON) != 0

    def turn(self, on: bool) -> None:
        """For this and all later letters."""
        self._settings.put(**{_ON: int(on)})
        if on:
            self._dictionaries.open()
        self._again()

    @property
    def available(self) -> tuple[str, ...]:
        return self._dictionaries.languages

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in use: as chosen, else those of the desktop."""
        available = self.available
        chosen = tuple(
            each for each in self._settings.text(_LANGUAGES).split() if each in available
        )
        return chosen or usual(available)

    def use(self, languages: tuple[str, ...]) -> None:
        """These from now on; none: those of the desktop."""
        self._settings.put(**{_LANGUAGES: " ".join(languages)})
        self._again()

    def keep_word(self, word: str) -> None:
        """A word of the writer's own, right from now on."""
        kept = dict.fromkeys([*self._settings.text(OWN_WORDS).split("\n"), word])
        self._settings.put(**{OWN_WORDS: "\n".join(each for each in kept if each)})
        self._again()

    def forget_word(self, word: str) -> None:
        kept = [each for each in self._settings.text(OWN_WORDS).split("\n") if each != word]
        self._settings.put(**{OWN_WORDS: "\n".join(each for each in kept if each)})
        self._again()

    def ignore(self, word: str) -> None:
        """Right in this letter."""
        self._ignored.add(word)
        self._again()

    def wrong_in(self, block: QTextBlock) -> tuple[Word, ...]:
        """The wrong words of a paragraph, as far as they are known."""
        if not self.on or not self._is_own(block):
            return ()
        return self._judge(_without_code(block)).wrong

    def language_of(self, block: QTextBlock) -> str:
        return self._judge(_without_code(block)).language

    def word_at(self, position: int) -> tuple[QTextCursor, Word] | None:
        """The wrong word at this place of the document, and a cursor that selects it."""
        block = self._editor.document().findBlock(position)
        text = block.text()
        index = code_point(text, position - block.position())
        for word in self.wrong_in(block):
            if word.start <= index <= word.start + word.length:
                return _selecting(block, text, word), word
        return None

    def next_wrong(self, back: bool = False) -> QTextCursor | None:
        """The next wrong word from the cursor on, around the end; None: there is none."""
        cursor = self._editor.textCursor()
        position = cursor.selectionStart() if back else cursor.selectionEnd()
        document = self._editor.document()
        first = document.findBlock(position)
        block, begun = first, False
        while True:
            found = [_selecting(block, block.text(), word) for word in self.wrong_in(block)]
            if block == first and not begun:
                found = [
                    each
                    for each in found
                    if (each.selectionEnd() <= position if back else
                        each.selectionStart() >= position)
                ]  # fmt: skip
            if found:
                return found[-1] if back else found[0]
            if block == first and begun:
                return None
            begun = True
            block = block.previous() if back else block.next()
            if not block.isValid():
                block = document.lastBlock() if back else document.begin()

    def when_sure(self, then: Callable[[], None]) -> bool:
        """Calls `then` once more is known, if words of what was asked for last are still looked up;
        False: all of them are known. For one at a time."""
        if not self._asking.isActive():
            return False
        self._then = then
        return True

    def suggest(self, word: Word, block: QTextBlock, then: Callable[[list[str]], None]) -> None:
        """Hands what may be meant to `then`, the likeliest first."""
        language = self.language_of(block)
        usual_first = dict.fromkeys([language, *self.languages] if language else self.languages)
        letters = alphabet(word.text[0])
        able = [each for each in usual_first if written_in(each, letters)]
        self._dictionaries.suggest(able, word.text, then)

    # Inner

    def _is_own(self, block: QTextBlock) -> bool:
        text = block.text()
        if not text or len(text) > _LONGEST or quote_level(block):
            return False
        if not self._editor.rich and text.startswith(">"):
            return False
        if text.rstrip().endswith((":", "：")) and self._is_quote(block.next()):
            return False  # the line that says who wrote what is quoted below it
        return not _in_signature(block)

    def _is_quote(self, block: QTextBlock) -> bool:
        plain = not self._editor.rich and block.text().startswith(">")
        return block.isValid() and (plain or quote_level(block) > 0)

    def _judge(self, text: str) -> Judgement:
        known = self._judged.get(text)
        if known is not None:
            self._judged.move_to_end(text)
            return known
        found = judge(text, self.languages, self._verdict)
        if found.unknown:
            self._unknown.update(found.unknown)
            self._asking.start()
        else:
            self._judged[text] = found
            if len(self._judged) > _REMEMBERED:
                self._judged.popitem(last=False)
        return found

    def _verdict(self, language: str, word: str) -> bool | None:
        own = self._own_words()
        if word in self._ignored or word in own or word.casefold() in own:
            return True
        return self._dictionaries.verdict(language, word)

    def _own_words(self) -> frozenset[str]:
        text = self._settings.text(OWN_WORDS)
        if text != self._own_text:
            self._own_text, self._own = text, frozenset(text.split("\n"))
        return self._own

    def _ask(self) -> None:
        unknown, self._unknown = self._unknown, set()
        coming = self._dictionaries.look_up(self.languages, sorted(unknown))
        if not coming and self._then is not None:
            self._again()  # the answer came while this was about to be asked

    def _again(self) -> None:
        self._judged.clear()
        self._editor.viewport().update()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _moved(self) -> None:
        revision = self._editor.document().revision()
        was, self._writing = self._writing, revision != self._revision
        self._revision = revision
        if was and not self._writing:
            self._editor.viewport().update()  # the word that was written is judged now

    def _paint(self, painter: QPainter, block: QTextBlock, corner: QPointF) -> None:
        wrong = self.wrong_in(block)
        if not wrong:
            return
        text = block.text()
        layout = block.layout()
        cursor = self._editor.textCursor().position() - block.position()
        writing = self._writing and self._editor.hasFocus()
        painter.save()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.current().danger), 1.2))
        for word in wrong:
            start, end = utf16(text, word.start), utf16(text, word.start + word.length)
            if writing and start <= cursor <= end:
                continue
            while start < end:
                line = layout.lineForTextPosition(start)
                if not line.isValid():
                    break
                last = min(end, line.textStart() + line.textLength())
                x1, x2 = _x(line, start), _x(line, last)
                y = line.y() + line.ascent() + 2.5
                _wave(painter, corner, min(x1, x2), max(x1, x2), y)
                if last <= start:
                    break
                start = last
        painter.restore()


def _without_code(block: QTextBlock) -> str:
    """Its text, with spaces in the place of code, which is of one width."""
    words = []
    pieces = block.begin()
    while not pieces.atEnd():
        piece = pieces.fragment()
        code = piece.charFormat().fontFixedPitch()
        words.append(" " * len(piece.text()) if code else piece.text())
        pieces += 1
    return "".join(words)


def _in_signature(block: QTextBlock) -> bool:
    """Whether the mark of a signature stands a few lines above."""
    for _ in range(_SIGNATURE_LINES):
        if not block.isValid():
            return False
        if block.text().replace("\xa0", " ") == "-- ":
            return True
        block = block.previous()
    return False


def _x(line: QTextLine, position: int) -> float:
    """Where a place of a line is, in pixels from its paragraph's left edge."""
    x, _ = _placed(line.cursorToX(position))
    return x


def _placed(found: object) -> tuple[float, int]:
    """What PySide answers, which its stubs know as an object only."""
    assert isinstance(found, tuple)
    x, position = found
    return float(x), int(position)


def _wave(painter: QPainter, corner: QPointF, left: float, right: float, y: float) -> None:
    points = []
    x, up = left, False
    while x <= right:
        points.append(QPointF(corner.x() + x, corner.y() + y + (0.0 if up else 1.8)))
        x, up = x + _WAVE / 2, not up
    painter.drawPolyline(points)


def _selecting(block: QTextBlock, text: str, word: Word) -> QTextCursor:
    return spanning(block, word.start, word.start + word.length)
