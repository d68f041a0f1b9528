"""The lines that come of foreign HTML, while its text is read piece by piece."""

from __future__ import annotations

import re
from dataclasses import replace

from martlet.ui.compose.markup.lines import BREAK, MAX_DEPTH, Line, Run
from martlet.ui.compose.markup.read_frames import Frame
from martlet.ui.compose.markup.read_table import TablesRead

_SPACE = re.compile(r"[ \t\n\r\f]+")
_NUMBERED = re.compile(r"\(?(\d{1,5}|[a-z]{1,4})[.)]", re.IGNORECASE)
_INDENT_POINTS = 30.0


class LinesRead:
    """lines: those that are done. gap: the next one stands apart from the last. tables: those that
    are open, in whose cells the lines come to stand.
    """

    def __init__(self, tables: TablesRead) -> None:
        self.lines: list[Line] = []
        self._tables = tables
        self.gap = False
        self._runs: list[Run] = []
        self._names = 0
        # What Word draws in front of an item, and the numbers of Word's lists by their names
        self._mark = ""
        self._word_lists: dict[str, int] = {}

    @property
    def begun(self) -> bool:
        """Whether the present line has something in it."""
        return bool(self._runs)

    def name(self) -> int:
        """The number of the next list or table."""
        self._names += 1
        return self._names

    def mark(self, text: str) -> None:
        """Notes what Word draws in front of an item."""
        self._mark = (self._mark + text)[:40]

    def flow(self, frame: Frame, text: str) -> None:
        """Text in which white space is one space."""
        self._add(frame, _SPACE.sub(" ", text))

    def kept(self, frame: Frame, text: str) -> None:
        """Text whose white space and lines are kept."""
        first, *rest = text.split("\n")
        self._add(frame, first)
        for line in rest:
            if frame.in_item:
                self._add(frame, BREAK)
            else:
                self.end(frame, forced=True)
            self._add(frame, line)

    def run(self, run: Run) -> None:
        """A picture."""
        self._runs.append(run)

    def break_inside(self, frame: Frame) -> None:
        """A break that ends no line."""
        self._add(frame, BREAK)

    def part(self, frame: Frame) -> None:
        """A block begins or ends inside an item: a break, where something stands before it."""
        if self._runs and self._runs[-1].text != BREAK:
            self._add(frame, BREAK)

    def rule(self, frame: Frame) -> None:
        """A line across."""
        self.end(frame)
        self.gap = False
        self._emit(Line(quote=min(frame.quote, MAX_DEPTH), rule=True))

    def end(self, frame: Frame, *, forced: bool = False) -> None:
        """Ends the line being read; an empty one counts only when forced (by <br>)."""
        runs, self._runs = self._runs, []
        if not forced and not any(
            run.picture or run.remote or (run.text if frame.code else run.text.strip(" "))
            for run in runs
        ):
            return
        text = "".join(run.text for run in runs)
        if frame.code and not text.strip(BREAK):
            runs = [run for run in runs if run.picture or run.remote]
        line = Line(
            tuple(runs),
            min(frame.quote, MAX_DEPTH),
            heading=frame.heading,
            align=frame.side(text),
            indent=min(round(frame.indent / _INDENT_POINTS), MAX_DEPTH),
            direction=frame.direction if frame.direction in ("ltr", "rtl") else "",
            code=frame.code,
        )
        self._emit(self._listed(line, frame))

    def _listed(self, line: Line, frame: Frame) -> Line:
        """The line as what it is in a list, if it stands in one."""
        item = frame.item
        deep = min(len(frame.lists), MAX_DEPTH)
        if item is not None and not item.used:
            ordered, number, start = frame.lists[-1]
            item.used = True
            return replace(line, depth=deep, ordered=ordered, list_id=number, start=start, indent=0)
        if item is not None:
            return replace(line, indent=deep)
        if frame.word is not None:
            return self._word_item(line, frame.word)
        if frame.lists and not frame.heading and not frame.code:
            return replace(line, indent=deep)
        return line

    def _emit(self, line: Line) -> None:
        last = self.lines[-1] if self.lines else None
        if (
            self.gap and last and not last.blank and last.cell is None and not line.depth
            and last.quote == line.quote and not self._tables.begins(len(self.lines))
        ):  # fmt: skip
            self.lines.append(Line(quote=line.quote))
        self.gap = False
        self.lines.append(line)

    def _word_item(self, line: Line, word: tuple[int, str]) -> Line:
        """A paragraph that Word says is of a list; its mark tells which kind."""
        level, name = word
        mark, self._mark = self._mark.strip(), ""
        found = _NUMBERED.fullmatch(mark)
        key = f"{name} {level}"
        if key not in self._word_lists:
            self._word_lists[key] = self.name()
        start = int(found[1]) if found and found[1].isdecimal() else 1
        return replace(
            line, depth=level, ordered=found is not None, list_id=self._word_lists[key],
            start=start, indent=0,
        )  # fmt: skip

    def _add(self, frame: Frame, text: str) -> None:
        if not frame.keeps and text.startswith(" ") and self._ends_in_space():
            text = text[1:]
        if text:
            self._runs.append(frame.look.saying(text))

    def _ends_in_space(self) -> bool:
        if not self._runs:
            return True
        last = self._runs[-1]
        return not last.picture and not last.remote and last.text.endswith((" ", BREAK))
