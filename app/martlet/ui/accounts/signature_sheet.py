"""All signatures of an identity, and which of them its letters get."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QWidget,
)

from martlet.mail.identity import (
    Signature,
    SignatureChoice,
    SignaturePlace,
    SignatureUse,
    Signing,
)
from martlet.ui.accounts.parts import note, plain_button, title
from martlet.ui.choice_box import ChoiceBox
from martlet.ui.compose.text.small_editor import SmallEditor
from martlet.ui.sheet import Sheet

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink

_NAME_SHOWN = 60


class SignatureSheet(Sheet):
    """Accepted: `words_of_main` and `signing` are as they are to be."""

    def __init__(
        self,
        text: str,
        signing: Signing,
        link: EngineLink,
        reader: Reader,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.head(self.tr("Signatures"), self.tr("Use them"))
        self._signing = signing
        self._all = [Signature("", text, signing.html, signing.parts), *signing.more]
        self._at = 0
        self.dialog: QInputDialog | None = None
        self.which = ChoiceBox(self)
        self.which.setAccessibleName(self.tr("Signature"))
        self.which.setMinimumContentsLength(14)
        self.add = plain_button(self, self.tr("Add…"))
        self.rename = plain_button(self, self.tr("Rename…"))
        self.remove = plain_button(self, self.tr("Remove"))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.which, 1)
        for button in (self.add, self.rename, self.remove):
            top.addWidget(button)
        self.words = SmallEditor(link, reader, self)
        self.words.setMinimumHeight(190)
        self.words.editor.setAccessibleName(self.tr("Signature"))
        self.words.editor.setPlaceholderText(
            self.tr("Your name, and how you can be reached. A picture may stand here too.")
        )
        self.plain_title = title(self, self.tr("In plain letters"))
        self.plain = QLabel(self)
        self.plain.setObjectName("plainPreview")
        self.plain.setWordWrap(True)
        self.plain.setAccessibleName(self.tr("In plain letters"))
        self.mark = QCheckBox(
            self.tr("Put “-- ” above it, so that mail programs recognise it"), self
        )
        self.mark.setChecked(signing.mark)
        self.reply = self._choice_box(self.tr("In answers"))
        self.forward = self._choice_box(self.tr("In what is forwarded"))
        self.place = ChoiceBox(self)
        self.place.setAccessibleName(self.tr("Place in answers"))
        self.place.addItem(self.tr("As set in Writing"), SignaturePlace.USUAL)
        self.place.addItem(self.tr("Above what is quoted"), SignaturePlace.ABOVE)
        self.place.addItem(self.tr("Below what is quoted"), SignaturePlace.BELOW)
        self.place.setCurrentIndex(self.place.findData(signing.place))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("In answers"), self.reply)
        form.addRow(self.tr("In what is forwarded"), self.forward)
        form.addRow(self.tr("Place in answers"), self.place)
        self.body.addLayout(top)
        self.body.addWidget(self.words, 1)
        self.body.addWidget(self.plain_title)
        self.body.addWidget(self.plain)
        self.body.addWidget(self.mark)
        self.body.addSpacing(4)
        self.body.addLayout(form)
        self.body.addWidget(
            note(self, self.tr("In a letter, Insert > Signature changes to any other of these."))
        )
        self._fill(0)
        self._fill_uses(signing.reply, signing.forward)
        self.which.activated.connect(self._show)
        self.add.clicked.connect(self._ask_new)
        self.rename.clicked.connect(self._ask_name)
        self.remove.clicked.connect(self._remove)
        self.words.edited.connect(self._edited)
        self.words.refused.connect(self.notice.say)
        self.mark.toggled.connect(lambda _on: self._show_plain())
        self.go.clicked.connect(self.accept)
        self.setMinimumWidth(600)
        self.words.editor.setFocus()

    @property
    def words_of_main(self) -> str:
        """The main signature's plain text."""
        return self._all[0].text

    @property
    def signing(self) -> Signing:
        main = self._all[0]
        return replace(
            self._signing,
            html=main.html,
            parts=main.parts,
            more=tuple(self._all[1:]),
            reply=self.reply.currentData(),
            forward=self.forward.currentData(),
            place=self.place.currentData(),
            mark=self.mark.isChecked(),
        )

    def add_named(self, name: str) -> None:
        """One more signature, empty so far."""
        name = " ".join(name.split())[:_NAME_SHOWN]
        if self._refused(name, None):
            return
        self._all.append(Signature(name))
        self._fill(len(self._all) - 1)
        self._fill_uses(self.reply.currentData(), self.forward.currentData())
        self.words.editor.setFocus()

    def name_it(self, name: str) -> None:
        """Another name for the one that is shown; the choices follow."""
        name = " ".join(name.split())[:_NAME_SHOWN]
        before = self._all[self._at].name
        if self._refused(name, self._at):
            return
        self._all[self._at] = replace(self._all[self._at], name=name)
        self._fill(self._at)
        uses = [box.currentData() for box in (self.reply, self.forward)]
        named = [
            replace(use, name=name) if use == SignatureChoice(SignatureUse.OTHER, before) else use
            for use in uses
        ]
        self._fill_uses(*named)

    def _refused(self, name: str, at: int | None) -> bool:
        taken = [one.name.casefold() for number, one in enumerate(self._all) if number != at]
        if not name or name.casefold() in taken:
            self.notice.say(
                self.tr("There is a signature of this name already.")
                if name
                else self.tr("A signature needs a name.")
            )
            return True
        self.notice.clear()
        return False

    def _remove(self) -> None:
        del self._all[self._at]
        self._fill(self._at - 1)
        self._fill_uses(self.reply.currentData(), self.forward.currentData())

    def _ask_new(self) -> None:
        self._ask(self.tr("New signature"), "").textValueSelected.connect(self.add_named)

    def _ask_name(self) -> None:
        dialog = self._ask(self.tr("Rename signature"), self._all[self._at].name)
        dialog.textValueSelected.connect(self.name_it)

    def _ask(self, title_words: str, value: str) -> QInputDialog:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(title_words)
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(value)
        self.dialog = dialog
        dialog.open()
        return dialog

    def _choice_box(self, name: str) -> ChoiceBox:
        box = ChoiceBox(self)
        box.setAccessibleName(name)
        return box

    def _fill(self, at: int) -> None:
        self.which.clear()
        for one in self._all:
            self.which.addItem(one.name or self.tr("Standard"))
        self.which.setCurrentIndex(at)
        self._show(at)

    def _fill_uses(self, reply: SignatureChoice, forward: SignatureChoice) -> None:
        for box, use in ((self.reply, reply), (self.forward, forward)):
            box.clear()
            box.addItem(self.tr("The same as in new letters"), SignatureChoice())
            for one in self._all[1:]:
                box.addItem(one.name, SignatureChoice(SignatureUse.OTHER, one.name))
            box.addItem(self.tr("None"), SignatureChoice(SignatureUse.NONE))
            items = [box.itemData(at) for at in range(box.count())]
            box.setCurrentIndex(items.index(use) if use in items else 0)

    def _show(self, at: int) -> None:
        self._at = at
        one = self._all[at]
        self.words.load(one.text, one.html, one.parts)
        self.rename.setEnabled(at > 0)
        self.remove.setEnabled(at > 0)
        self._show_plain()

    def _edited(self) -> None:
        written = self.words.written()
        self._all[self._at] = replace(
            self._all[self._at], text=written.text, html=written.html, parts=written.parts
        )
        self._show_plain()

    def _show_plain(self) -> None:
        """What of it a plain letter gets, where that is another thing."""
        one = self._all[self._at]
        rich = one.html is not None
        self.plain_title.setVisible(rich)
        self.plain.setVisible(rich)
        mark = "-- \n" if self.mark.isChecked() else ""
        self.plain.setText(mark + (one.text or self.tr("(nothing)")))
