"""What can be done to a picture in a letter: its size by mouse and keys, its words, its end."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPalette, QTextCursor, QTextFormat, QTextImageFormat
from PySide6.QtWidgets import QFileDialog, QInputDialog

from martlet.ui.compose.images.picture_frame import PictureFrame
from martlet.ui.compose.images.picture_place import (
    chosen_at,
    content_id,
    format_at,
    picture_under,
    rect_at,
)
from martlet.ui.compose.text.editor import WIDEST_PICTURE, BodyEditor

NARROWEST = 16
_FALLING = (Qt.Corner.TopLeftCorner, Qt.Corner.BottomRightCorner)
_LEFT = (Qt.Corner.TopLeftCorner, Qt.Corner.BottomLeftCorner)


class PictureHands(QObject):
    """detach, saved: the picture of this Content-ID shall be an attachment, a file (at a path)."""

    detach = Signal(str)
    saved = Signal(str, str)

    def __init__(self, editor: BodyEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.frame = PictureFrame(editor.viewport())
        self._drag: tuple[Qt.Corner, float, float] | None = None
        self._dragged = False
        editor.viewport().installEventFilter(self)
        editor.selectionChanged.connect(self.follow)
        editor.document().documentLayout().documentSizeChanged.connect(lambda _size: self.follow())
        for bar in (editor.verticalScrollBar(), editor.horizontalScrollBar()):
            bar.valueChanged.connect(lambda _value: self.follow())

    def chosen(self) -> QTextImageFormat | None:
        """The format of the picture that is selected."""
        at = chosen_at(self._editor.textCursor())
        return format_at(self._editor.document(), at) if at is not None else None

    def follow(self) -> None:
        """The frame lies around the picture that is selected, if one is."""
        at = chosen_at(self._editor.textCursor()) if self._editor.rich else None
        self._show_selection(at is None)
        if at is None:
            self.frame.hide()
            return
        rect = rect_at(self._editor, at)
        words = ""
        if self._drag is not None:
            words = self.tr("{width} × {height} px").format(
                width=round(rect.width()), height=round(rect.height())
            )
        form = format_at(self._editor.document(), at)
        image = self._editor.loadResource(2, form.name()) if form is not None else None
        shown = image if isinstance(image, QImage) else QImage()
        self.frame.surround(rect, shown, words)

    def _show_selection(self, shown: bool) -> None:
        """The frame alone says that a picture is selected: its line's ground says nothing more."""
        role, colours = QPalette.ColorRole.Highlight, QPalette()
        if self._editor.testAttribute(Qt.WidgetAttribute.WA_SetPalette) is not shown:
            return
        if not shown:
            colours.setColor(role, Qt.GlobalColor.transparent)
        self._editor.setPalette(colours)

    def choose(self, position: int) -> None:
        """Selects the picture behind a position."""
        cursor = self._editor.textCursor()
        cursor.setPosition(position)
        cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)

    # What is done to the one that is selected

    def scale(self, factor: float) -> None:
        at = chosen_at(self._editor.textCursor())
        if at is not None:
            self.to_width(round(rect_at(self._editor, at).width() * factor))

    def fit_width(self) -> None:
        self.to_width(WIDEST_PICTURE)

    def to_width(self, width: int) -> None:
        """So wide (pixels), as far as the letter goes; 0: as it is. The height follows."""
        form = self.chosen()
        if form is None:
            return
        wanted = width or self._natural(form)
        form.setWidth(max(NARROWEST, min(wanted, WIDEST_PICTURE)))
        form.clearProperty(QTextFormat.Property.ImageHeight)
        self._put(form)

    def ask_words(self) -> None:
        """Asks for the words that stand for the picture where it cannot be seen."""
        form = self.chosen()
        if form is None:
            return
        dialog = QInputDialog(self._editor)
        dialog.setWindowTitle(self.tr("Picture"))
        dialog.setLabelText(self.tr("What does it show? For those who cannot see it:"))
        dialog.setTextValue(str(form.property(QTextFormat.Property.ImageAltText) or ""))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(self.set_words)
        dialog.open()

    def set_words(self, words: str) -> None:
        form = self.chosen()
        if form is not None:
            form.setProperty(QTextFormat.Property.ImageAltText, " ".join(words.split()))
            self._put(form)

    def to_attachment(self) -> None:
        """Takes it out of the text; it goes with the letter as a file."""
        form = self.chosen()
        if form is not None and content_id(form):
            self.detach.emit(content_id(form))
            self.remove()

    def save(self) -> None:
        """Asks where to save it."""
        form = self.chosen()
        if form is None or not content_id(form):
            return
        which = content_id(form)
        dialog = QFileDialog(self._editor, self.tr("Save picture as"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(str(form.property(QTextFormat.Property.ImageAltText) or "picture.png"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.saved.emit(which, path))
        dialog.open()

    def remove(self) -> None:
        cursor = self._editor.textCursor()
        if chosen_at(cursor) is not None:
            cursor.removeSelectedText()
            self._editor.setTextCursor(cursor)

    # The mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent) or not self._editor.rich:
            return False
        place = event.position()
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                return self._press(place, event.modifiers())
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.RightButton:
                # Before the menu is made: Cut and Copy are for what is selected.
                under = picture_under(self._editor, place.toPoint())
                if under is not None:
                    self.choose(under)
            case QEvent.Type.MouseMove if self._drag is not None:
                self._drag_to(place)
                return True
            case QEvent.Type.MouseMove if not event.buttons():
                self._point(place)
            case QEvent.Type.MouseButtonRelease if self._drag is not None:
                self._drag = None
                self.follow()
                return True
        return False

    def _press(self, place: QPointF, held: Qt.KeyboardModifier) -> bool:
        corner = self.frame.corner_at(place)
        at = chosen_at(self._editor.textCursor())
        if corner is not None and at is not None:
            self._drag = (corner, place.x(), rect_at(self._editor, at).width())
            self._dragged = False
            return True
        under = picture_under(self._editor, place.toPoint())
        if under is None or held & Qt.KeyboardModifier.ShiftModifier or under == at:
            return False
        self.choose(under)
        self._editor.setFocus()
        return True

    def _drag_to(self, place: QPointF) -> None:
        form = self.chosen()
        if self._drag is None or form is None:
            return
        corner, start, width = self._drag
        by = start - place.x() if corner in _LEFT else place.x() - start
        form.setWidth(max(NARROWEST, min(round(width + by), WIDEST_PICTURE)))
        form.clearProperty(QTextFormat.Property.ImageHeight)
        self._put(form, joined=self._dragged)
        self._dragged = True

    def _point(self, place: QPointF) -> None:
        corner = self.frame.corner_at(place)
        viewport = self._editor.viewport()
        shapes = (Qt.CursorShape.SizeFDiagCursor, Qt.CursorShape.SizeBDiagCursor)
        if corner is not None:
            viewport.setCursor(shapes[0 if corner in _FALLING else 1])
        elif viewport.cursor().shape() in shapes:
            viewport.setCursor(Qt.CursorShape.IBeamCursor)

    def _put(self, form: QTextImageFormat, *, joined: bool = False) -> None:
        cursor = self._editor.textCursor()
        worker = QTextCursor(cursor)
        # One drag is one step to undo.
        if joined:
            worker.joinPreviousEditBlock()
        else:
            worker.beginEditBlock()
        worker.setCharFormat(form)
        worker.endEditBlock()
        self._editor.setTextCursor(cursor)
        self.follow()

    def _natural(self, form: QTextImageFormat) -> int:
        image = self._editor.loadResource(2, form.name())
        wide = image.deviceIndependentSize().width() if isinstance(image, QImage) else 0
        return round(wide) or WIDEST_PICTURE
