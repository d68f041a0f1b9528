"""The commands of the writing itself: what is typed, found, put in and how it looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from martlet.ui.compose.command import Command

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow

Rows = tuple[Command | None, ...]


def _rich(w: ComposeWindow) -> bool:
    return w.editor.rich


def _selected(w: ComposeWindow) -> bool:
    return w.editor.textCursor().hasSelection()


def _in_table(w: ComposeWindow) -> bool:
    return w.editor.rich and w.hands.tables.here() is not None


def _on_link(w: ComposeWindow) -> bool:
    return w.editor.rich and bool(w.hands.links.here())


def _on_picture(w: ComposeWindow) -> bool:
    return w.editor.rich and w.hands.pictures.chosen() is not None


def _style(number: int) -> Callable[[ComposeWindow], bool]:
    return lambda w: w.looks.now().style == number


EDIT: Rows = (
    Command(
        "undo", "Undo", ("Ctrl+Z",), "undo", lambda w: w.editor.undo(),
        possible=lambda w: w.editor.document().isUndoAvailable(),
    ),
    Command(
        "redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", lambda w: w.editor.redo(),
        possible=lambda w: w.editor.document().isRedoAvailable(),
    ),
    None,
    Command("cut", "Cut", ("Ctrl+X",), "cut", lambda w: w.editor.cut(), possible=_selected),
    Command("copy", "Copy", ("Ctrl+C",), "copy", lambda w: w.editor.copy(), possible=_selected),
    Command("paste", "Paste", ("Ctrl+V",), "paste", lambda w: w.editor.paste(),
            possible=lambda w: w.editor.canPaste()),
    Command("paste.plain", "Paste as plain text", ("Ctrl+Shift+V",), "",
            lambda w: w.hands.pasting.plain(), possible=lambda w: w.editor.canPaste()),
    Command("paste.quote", "Paste as quotation", ("Ctrl+Alt+V",), "",
            lambda w: w.hands.pasting.quotation(), possible=lambda w: w.editor.canPaste()),
    Command("select.all", "Select all", ("Ctrl+A",), "", lambda w: w.editor.selectAll()),
    None,
    Command("find", "Find…", ("Ctrl+F",), "search", lambda w: w.hands.find_bar.begin()),
    Command("find.next", "Find next", ("F3", "Ctrl+G"), "", lambda w: w.hands.find_bar.next()),
    Command("find.previous", "Find previous", ("Shift+F3", "Ctrl+Shift+G"), "",
            lambda w: w.hands.find_bar.previous()),
    Command("replace", "Replace…", ("Ctrl+H",), "replace",
            lambda w: w.hands.find_bar.begin(replace=True)),
)  # fmt: skip

INSERT: Rows = (
    Command("picture", "Picture…", ("Ctrl+Shift+P",), "image",
            lambda w: w.hands.drops.choose(), possible=_rich),
    Command("link", "Link…", ("Ctrl+K",), "link", lambda w: w.hands.links.ask(), possible=_rich),
    Command("emoji", "Emoji…", ("Ctrl+.",), "emoji", lambda w: w.hands.choose_emoji()),
    Command("table", "Table…", ("Ctrl+F12",), "table",
            lambda w: w.hands.choose_table(), possible=_rich),
    Command("rule", "Line across", ("Ctrl+Shift+-", "Ctrl+_"), "rule",
            lambda w: w.looks.rule(), possible=_rich),
)  # fmt: skip

FORMAT: Rows = (
    Command("markdown", "Markdown to formatting", ("Ctrl+Alt+M",), "",
            lambda w: w.hands.turn_markdown()),
    None,
    Command("bold", "Bold", ("Ctrl+B",), "bold", lambda w: w.looks.bold(),
            on=lambda w: w.looks.now().bold, possible=_rich),
    Command("italic", "Italic", ("Ctrl+I",), "italic", lambda w: w.looks.italic(),
            on=lambda w: w.looks.now().italic, possible=_rich),
    Command("underline", "Underline", ("Ctrl+U",), "underline", lambda w: w.looks.underline(),
            on=lambda w: w.looks.now().underline, possible=_rich),
    Command("strike", "Strike through", ("Ctrl+Shift+X",), "strike", lambda w: w.looks.strike(),
            on=lambda w: w.looks.now().strike, possible=_rich),
    Command("code", "Code", ("Ctrl+E",), "code", lambda w: w.looks.code(),
            on=lambda w: w.looks.now().code, possible=_rich),
    Command("larger", "Larger", ("Ctrl+>", "Ctrl+Shift+."), "",
            lambda w: w.looks.step_size(1), possible=_rich),
    Command("smaller", "Smaller", ("Ctrl+<", "Ctrl+Shift+,"), "",
            lambda w: w.looks.step_size(-1), possible=_rich),
    Command("font", "Font…", ("Ctrl+Shift+F",), "font",
            lambda w: w.format_bar.open("font"), possible=_rich),
    Command("colour", "Colour…", ("Ctrl+Shift+K",), "text-color",
            lambda w: w.format_bar.open("colour"), possible=_rich),
    None,
    Command("clear", "Clear formatting", ("Ctrl+\\",), "format-clear",
            lambda w: w.looks.clear(), possible=_rich),
)  # fmt: skip

PARAGRAPH: Rows = (
    Command("style.0", "Normal text", ("Ctrl+Alt+0",), "", lambda w: w.looks.style(0),
            on=_style(0), possible=_rich),
    Command("style.1", "Heading 1", ("Ctrl+Alt+1",), "", lambda w: w.looks.style(1),
            on=_style(1), possible=_rich),
    Command("style.2", "Heading 2", ("Ctrl+Alt+2",), "", lambda w: w.looks.style(2),
            on=_style(2), possible=_rich),
    Command("style.3", "Heading 3", ("Ctrl+Alt+3",), "", lambda w: w.looks.style(3),
            on=_style(3), possible=_rich),
    Command("style.code", "Block of code", ("Ctrl+Alt+4",), "", lambda w: w.looks.style(-1),
            on=_style(-1), possible=_rich),
    None,
    Command("bullets", "Bulleted list", ("Ctrl+Shift+8", "Ctrl+*"), "list-bullet",
            lambda w: w.looks.listed(False), on=lambda w: w.looks.now().bullets, possible=_rich),
    Command("numbers", "Numbered list", ("Ctrl+Shift+7", "Ctrl+&"), "list-number",
            lambda w: w.looks.listed(True), on=lambda w: w.looks.now().numbers, possible=_rich),
    Command("quote", "Quotation", ("Ctrl+Shift+9", "Ctrl+("), "quote",
            lambda w: w.looks.quote(), on=lambda w: w.looks.now().quote, possible=_rich),
    Command("indent", "Indent more", ("Ctrl+]",), "indent", lambda w: w.looks.indent(1),
            possible=_rich),
    Command("outdent", "Indent less", ("Ctrl+[",), "outdent", lambda w: w.looks.indent(-1),
            possible=_rich),
    None,
    Command("align.left", "Align left", ("Ctrl+Shift+L",), "align-left",
            lambda w: w.looks.align("left"), on=lambda w: w.looks.now().align == "left",
            possible=_rich),
    Command("align.center", "Centre", ("Ctrl+Shift+E",), "align-center",
            lambda w: w.looks.align("center"), on=lambda w: w.looks.now().align == "center",
            possible=_rich),
    Command("align.right", "Align right", ("Ctrl+Shift+R",), "align-right",
            lambda w: w.looks.align("right"), on=lambda w: w.looks.now().align == "right",
            possible=_rich),
    Command("align.justify", "Justify", ("Ctrl+Shift+J",), "align-justify",
            lambda w: w.looks.align("justify"), on=lambda w: w.looks.now().align == "justify",
            possible=_rich),
    None,
    Command("direction", "Right to left", ("Ctrl+Shift+D",), "direction-rtl",
            lambda w: w.looks.turn_direction(), on=lambda w: w.looks.now().right_to_left,
            possible=_rich),
)  # fmt: skip

LINK: Rows = (
    Command("link.open", "Open link", ("Alt+Enter", "Alt+Return"), "open",
            lambda w: w.hands.links.open(),
            possible=lambda w: w.editor.rich and w.hands.links.may_open()),
    Command("link.edit", "Edit link…", (), "edit", lambda w: w.hands.links.ask(),
            possible=_on_link),
    Command("link.copy", "Copy address of link", (), "copy", lambda w: w.hands.links.copy(),
            possible=_on_link),
    Command("link.remove", "Remove link", (), "close", lambda w: w.hands.links.remove(),
            possible=_on_link),
)  # fmt: skip

TABLE_ROWS: Rows = (
    Command("row.above", "Row above", ("Alt+Up",), "",
            lambda w: w.hands.tables.add_row(below=False), possible=_in_table),
    Command("row.below", "Row below", ("Alt+Down",), "row-add",
            lambda w: w.hands.tables.add_row(below=True), possible=_in_table),
    Command("column.before", "Column before", ("Alt+Left",), "",
            lambda w: w.hands.tables.add_column(after=False), possible=_in_table),
    Command("column.after", "Column after", ("Alt+Right",), "column-add",
            lambda w: w.hands.tables.add_column(after=True), possible=_in_table),
    None,
    Command("row.remove", "Remove rows", ("Alt+Del",), "",
            lambda w: w.hands.tables.remove_rows(), possible=_in_table),
    Command("column.remove", "Remove columns", ("Alt+Shift+Del",), "",
            lambda w: w.hands.tables.remove_columns(), possible=_in_table),
    Command("table.remove", "Remove table", (), "",
            lambda w: w.hands.tables.remove(), possible=_in_table),
    None,
    Command("cells.merge", "Merge cells", (), "", lambda w: w.hands.tables.merge(),
            possible=lambda w: w.editor.rich and w.hands.tables.can_merge()),
    Command("cells.split", "Split cells", (), "", lambda w: w.hands.tables.split(),
            possible=lambda w: w.editor.rich and w.hands.tables.can_split()),
    None,
    Command("table.header", "First row is a heading", (), "",
            lambda w: w.hands.tables.turn_header(), on=lambda w: w.hands.tables.has_header(),
            possible=_in_table),
    Command("table.even", "Columns of the same width", (), "",
            lambda w: w.hands.tables.even(), possible=_in_table),
)  # fmt: skip

PICTURE: Rows = (
    Command("picture.larger", "Larger", ("Alt+Shift+Up",), "",
            lambda w: w.hands.pictures.scale(1.1), possible=_on_picture),
    Command("picture.smaller", "Smaller", ("Alt+Shift+Down",), "",
            lambda w: w.hands.pictures.scale(1 / 1.1), possible=_on_picture),
    None,
    Command("picture.small", "Small", (), "", lambda w: w.hands.pictures.to_width(160),
            possible=_on_picture),
    Command("picture.medium", "Medium", (), "", lambda w: w.hands.pictures.to_width(320),
            possible=_on_picture),
    Command("picture.wide", "As wide as the letter", (), "",
            lambda w: w.hands.pictures.fit_width(), possible=_on_picture),
    Command("picture.original", "Original size", (), "",
            lambda w: w.hands.pictures.to_width(0), possible=_on_picture),
    None,
    Command("picture.words", "Words for those who cannot see it…", (), "edit",
            lambda w: w.hands.pictures.ask_words(), possible=_on_picture),
    Command("picture.attach", "Make it an attachment", (), "attachment",
            lambda w: w.hands.pictures.to_attachment(), possible=_on_picture),
    Command("picture.save", "Save picture as…", (), "save",
            lambda w: w.hands.pictures.save(), possible=_on_picture),
    Command("picture.remove", "Remove picture", (), "trash",
            lambda w: w.hands.pictures.remove(), possible=_on_picture),
)  # fmt: skip

HELP: Rows = (
    Command("keys", "Keyboard shortcuts", ("F1", "Ctrl+?"), "keyboard", lambda w: w.hands.help()),
)
