"""The style sheet of the program, made from the theme's tokens. Only shapes and colours here."""

from __future__ import annotations

from martlet.ui.paint import mix
from martlet.ui.tokens import Tokens


def sheet(t: Tokens) -> str:
    """Qt style sheet text for these tokens; widgets are named by object name or `kind` property."""
    seam = mix(t.accent, t.on_accent, 0.35).name()
    return f"""
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line};
  padding: 4px 6px; }}
#qt_msgbox_label {{ min-width: 380px; font-weight: 600; font-size: 17px; }}
#qt_msgbox_informativelabel {{ color: {t.text2}; }}
QMainWindow, QDialog {{ background: {t.ground}; }}
QSplitter::handle {{ background: {t.line}; }}
QMenuBar {{ background: {t.ground}; padding: 2px 6px; }}
QMenuBar::item {{ padding: 4px 9px; border-radius: 5px; background: transparent; }}
QMenuBar::item:selected {{ background: {t.soft_quiet}; }}
QMenu {{ background: {t.raised}; border: 1px solid {t.line}; padding: 5px; }}
QMenu::item {{ padding: 6px 26px 6px 10px; border-radius: 5px; }}
QMenu::item:selected {{ background: {t.soft}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.text3}; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::icon:checked {{ background: {t.soft}; border: 1px solid {t.accent}; border-radius: 4px; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 5px 8px; }}

QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 5px 9px;
  color: {t.text}; }}
QToolButton:hover {{ background: {t.soft_quiet}; }}
QToolButton:pressed, QToolButton:checked {{ background: {t.soft}; }}
QToolButton:focus {{ border-color: {t.accent}; }}
QToolButton:disabled {{ color: {t.text3}; }}
QToolButton::menu-indicator {{ image: none; }}
QToolButton[kind="bare"] {{ padding: 4px; }}

QPushButton {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 6px;
  padding: 6px 14px; color: {t.text}; outline: 0; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.soft_quiet}; }}
QPushButton:focus {{ border-color: {t.accent}; }}
QPushButton:disabled {{ color: {t.text3}; }}
QPushButton:default, QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent};
  border-color: {t.accent}; }}
QPushButton[kind="plain"]:default {{ background: {t.raised}; color: {t.text};
  border-color: {t.line}; }}
QPushButton[kind="plain"]:default:hover {{ background: {t.hover}; }}
QPushButton[kind="plain"]:default:focus {{ border-color: {t.accent}; }}
QPushButton[kind="primary"] {{ font-weight: 600; }}
QPushButton:default:disabled, QPushButton[kind="primary"]:disabled {{
  background: {t.soft_quiet}; color: {t.text3};
  border-color: {t.line}; }}
QPushButton[kind="primary"]:focus, QPushButton:default:focus {{ border-color: {t.text}; }}
#sendNow[mirrored="false"], #sendLater[mirrored="true"] {{
  border-top-right-radius: 0; border-bottom-right-radius: 0; }}
#sendNow[mirrored="true"], #sendLater[mirrored="false"] {{
  border-top-left-radius: 0; border-bottom-left-radius: 0; }}
#sendLater {{ padding: 6px 7px; }}
#sendLater[mirrored="false"] {{ border-left-color: {seam}; }}
#sendLater[mirrored="true"] {{ border-right-color: {seam}; }}
QPushButton#sendLater:disabled {{ border-color: {t.line}; }}
#sendLater::menu-indicator {{ image: none; width: 0; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QPushButton[kind="danger"] {{ color: {t.danger}; border-color: {t.danger}; font-weight: 600; }}
QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent;
  padding: 2px 6px; color: {t.accent}; font-weight: 600; }}
QPushButton[kind="link"]:disabled {{ color: {t.text3}; }}
QPushButton[kind="link"]:hover {{ background: {t.soft}; }}
QPushButton[kind="link"]:focus {{ border-color: {t.accent}; }}

QPushButton[kind="words"] {{ background: transparent; border: 1px solid transparent;
  border-radius: 4px; padding: 2px 5px 2px 0; color: {t.accent}; font-weight: 600; }}
QPushButton[kind="words"]:hover {{ text-decoration: underline; }}
QPushButton[kind="words"]:focus {{ border-color: {t.accent}; padding-left: 3px; }}

QLineEdit {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 6px;
  padding: 5px 8px; selection-background-color: {t.accent};
  selection-color: {t.on_accent}; }}
QLineEdit:focus {{ border-color: {t.accent}; }}
QLineEdit[tone="danger"] {{ border-color: {t.danger}; }}

QTimeEdit, QDoubleSpinBox {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 6px;
  min-height: 30px; selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QTimeEdit QLineEdit, QDoubleSpinBox QLineEdit {{ border: none; padding: 0 8px;
  background: transparent; }}
QTimeEdit::up-button, QTimeEdit::down-button, QDoubleSpinBox::up-button,
QDoubleSpinBox::down-button {{ width: 0; border: none; }}
QTimeEdit:focus, QDoubleSpinBox:focus {{ border-color: {t.accent}; }}
QDoubleSpinBox {{ min-height: 28px; }}
QDoubleSpinBox:disabled {{ color: {t.text3}; }}
#qt_calendar_navigationbar {{ background: {t.raised}; border-bottom: 1px solid {t.line}; }}
QCalendarWidget QToolButton {{ font-weight: 600; }}
QCalendarWidget QAbstractItemView {{ background: {t.raised}; color: {t.text}; outline: 0;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QCalendarWidget QAbstractItemView:disabled {{ color: {t.text3}; }}

QComboBox {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 6px;
  padding: 4px 8px; color: {t.text}; combobox-popup: 0; }}
QComboBox:hover {{ background: {t.hover}; }}
QComboBox:focus, QComboBox:on {{ border-color: {t.accent}; }}
QComboBox:disabled {{ color: {t.text3}; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox[kind="bare"] {{ background: transparent; border-color: transparent; padding: 2px 0; }}
QComboBox[kind="bare"]:focus {{ border-color: {t.accent}; }}
QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.handle}; padding: 3px;
  selection-background-color: {t.soft}; selection-color: {t.text}; outline: 0; }}
QProgressBar {{ background: {t.line}; border: none; border-radius: 2px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 2px; }}
QProgressBar[full="true"]::chunk {{ background: {t.danger}; }}
QCheckBox, QRadioButton {{ spacing: 8px; }}
QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {t.text3};
  border-radius: 8px; background: {t.raised}; }}
QRadioButton::indicator:hover {{ border-color: {t.accent}; }}
QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 5px solid {t.accent};
  background: {t.on_accent}; }}
QRadioButton::indicator:disabled {{ border-color: {t.line}; }}
QRadioButton:focus {{ color: {t.accent}; }}

QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {t.handle}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 34px; }}
QScrollBar::handle:horizontal {{ min-width: 34px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

#folderPane, #folderTree {{ background: {t.ground}; border: none; }}
#folderTree {{ selection-background-color: transparent; show-decoration-selected: 0; }}
#folderPicker QListWidget {{ background: {t.raised}; border: 1px solid {t.line};
  border-radius: 6px; padding: 4px; outline: 0; }}
#folderPicker QListWidget::item {{ padding: 5px 6px; border-radius: 5px; color: {t.text}; }}
#folderPicker QListWidget::item:selected {{ background: {t.soft}; color: {t.text}; }}
#logTree {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 6px; padding: 4px;
  outline: 0; }}
#logTree::item {{ padding: 4px 2px; }}
#logTree::item:selected {{ background: {t.soft}; }}
#accountList {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 8px;
  padding: 4px; outline: 0; }}
#accountList::item {{ padding: 7px 8px; border-radius: 6px; color: {t.text}; }}
#accountList::item:hover {{ background: {t.hover}; }}
#accountList::item:selected {{ background: {t.soft}; color: {t.text}; }}
#smallEditor, #mergePreview {{ background: {t.page}; border: 1px solid {t.line};
  border-radius: 7px; }}
#accountCard {{ background: {t.list}; border: 1px solid {t.line}; border-radius: 8px; }}
#way, #desktopAccount {{ text-align: left; border-radius: 9px; padding: 10px 14px; }}
#way:hover {{ border-color: {t.accent}; }}
#accountWizard QScrollArea, #accountWizard QScrollArea > QWidget > QWidget,
#accountSettings QScrollArea, #accountSettings QScrollArea > QWidget > QWidget {{
  background: {t.ground}; }}
QPushButton[kind="segment"] {{ border-radius: 0; padding: 5px 16px; color: {t.text2}; }}
QPushButton[kind="segment"]:checked {{ background: {t.soft}; color: {t.text};
  border-color: {t.accent}; }}
QDialog QPlainTextEdit {{ background: {t.raised}; border: 1px solid {t.line};
  border-radius: 6px; padding: 3px 5px; }}
#accountSettings QTabBar::tab {{ background: transparent; color: {t.text2}; padding: 7px 2px;
  border: none; border-bottom: 2px solid transparent; margin-right: 18px; }}
#accountSettings QTabBar::tab:hover {{ color: {t.text}; }}
#accountSettings QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; }}
#accountSettings QTabBar::tab:focus {{ background: {t.soft_quiet}; }}
#listPane, #listHead {{ background: {t.list}; }}
#listBar {{ background: {t.soft_quiet}; border-bottom: 1px solid {t.line}; }}
#messageList {{ background: {t.list}; border: none; }}
#messagePane, #messageHead, #textView, #messageEmpty {{ background: {t.page}; border: none; }}
#listHead {{ border-bottom: 1px solid {t.line}; }}
#topBar {{ background: {t.ground}; border-bottom: 1px solid {t.line}; }}
#statusLine {{ background: {t.ground}; border-top: 1px solid {t.line}; color: {t.text2}; }}
#findBar {{ background: {t.list}; border-top: 1px solid {t.line};
  border-bottom: 1px solid {t.line}; }}
#letterPopup {{ background: {t.raised}; border: 1px solid {t.line}; }}
#emojiList {{ background: {t.raised}; border: none; outline: 0; }}
#emojiList::item {{ border: 1px solid transparent; border-radius: 7px; }}
#emojiList::item:hover {{ background: {t.hover}; }}
#emojiList::item:selected {{ background: {t.soft}; border-color: {t.accent}; }}
#attachmentBar {{ background: {t.page}; border-top: 1px solid {t.line}; }}
#attachmentBar QToolButton {{ background: {t.list}; border: 1px solid {t.line}; padding: 5px 9px; }}
#attachmentBar QToolButton:hover {{ background: {t.hover}; }}
#attachmentBar QToolButton:focus {{ border-color: {t.accent}; }}
#previewPane, #previewAbout {{ background: {t.page}; border: none; }}
#previewStrip {{ background: {t.list}; border-top: 1px solid {t.line};
  border-bottom: 1px solid {t.line}; }}
#pageView {{ background: {t.ground}; border: none; }}
#attachmentText {{ background: {t.page}; border: none; color: {t.text}; }}
QLabel[tone="second"] {{ color: {t.text2}; }}
QLabel[tone="third"] {{ color: {t.text3}; }}
QLabel[tone="accent"] {{ color: {t.accent}; font-weight: 600; }}
QLabel[tone="warning"] {{ color: {t.text}; font-weight: 600; }}
QLabel[tone="danger"] {{ color: {t.danger}; }}
#notice {{ background: {t.warn_ground}; border-bottom: 1px solid {t.line}; }}
#notice QLabel {{ color: {t.warn_text}; }}
#factLine {{ background: {t.list}; border: 1px solid {t.line}; border-radius: 7px; }}
#factLine:focus {{ border-color: {t.accent}; }}
#factLine[weight="note"] {{ background: transparent; border-color: transparent; }}
#factLine[weight="caution"] {{ background: {t.warn_ground}; }}
QLabel[tone="caution"] {{ color: {t.warn_text}; }}
#messageTop {{ background: {t.page}; border: none; }}
#topEdge {{ background: {t.line}; }}
#warningBox {{ background: {mix(t.page, t.danger, 0.1).name()};
  border-top-right-radius: 7px; border-bottom-right-radius: 7px;
  border-left: 4px solid {t.danger}; }}
#card {{ background: {t.list}; border: 1px solid {t.line}; border-radius: 9px; }}
#sourceText, #headerTable, #structureTree {{ background: {t.page}; border: none; outline: 0; }}
#structureTree::item, #headerTable::item {{ padding: 4px 6px; }}
#structureTree::item:selected, #headerTable::item:selected {{ background: {t.soft};
  color: {t.text}; }}
QHeaderView::section {{ background: {t.list}; color: {t.text2}; border: none;
  border-bottom: 1px solid {t.line}; padding: 5px 6px; }}
#windowFoot {{ background: {t.list}; border-top: 1px solid {t.line}; }}
#sourceWindow, #headersWindow, #structureWindow {{ background: {t.page}; }}
#ledgerDetails, #ledgerStories {{ background: transparent; }}
#toast {{ background: {t.text}; border-radius: 8px; }}
#toast QLabel {{ color: {t.page}; }}
#toast QPushButton {{ color: {t.soft if not t.dark else "#1d4fb8"}; background: transparent;
  border: 1px solid transparent; padding: 3px 8px; font-weight: 600; }}
#toast QPushButton:hover, #toast QPushButton:focus {{ border-color: {t.text3}; }}
"""
