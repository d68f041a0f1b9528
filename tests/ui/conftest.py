"""Windows of one test are gone before the next: pytest-qt only asks Qt to delete them later.

Their processes have ended, too. Windows that stay hear of changes of style in other tests, and
complain on a platform without them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication

from martlet.ui.child import end_children


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    """Deletes what the test has closed."""
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        end_children()


@pytest.fixture(autouse=True, scope="session")
def an_empty_clipboard() -> Iterator[None]:
    """Offscreen, Qt keeps what is on it longer than Python lives, which made it."""
    yield
    if isinstance(QCoreApplication.instance(), QGuiApplication):
        QGuiApplication.clipboard().clear()
