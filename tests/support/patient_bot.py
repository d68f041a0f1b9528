"""pytest-qt's robot with the patience of a loaded machine.

Its limits are only limits: what comes at once is not waited for any longer. They stay below the
`timeout` of pytest itself, which ends a hang.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot, WaitSignalsOrder, _WaitWidgetContextManager
from pytestqt.wait_signal import (
    CallbackBlocker,
    CheckParamsCb,
    MultiSignalBlocker,
    SignalBlocker,
)

PATIENCE_MS = 45_000


class PatientBot(QtBot):
    """Waits long, and asks for the front until it is granted."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        __tracebackhide__ = True
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(
        self,
        signal: Any,
        *,
        timeout: int = PATIENCE_MS,
        raising: bool | None = None,
        check_params_cb: CheckParamsCb | None = None,
    ) -> SignalBlocker:
        return super().waitSignal(
            signal, timeout=timeout, raising=raising, check_params_cb=check_params_cb
        )

    def waitSignals(
        self,
        signals: list[Any],
        *,
        timeout: int = PATIENCE_MS,
        raising: bool | None = None,
        check_params_cbs: list[CheckParamsCb] | None = None,
        order: WaitSignalsOrder = "none",
    ) -> MultiSignalBlocker:
        return super().waitSignals(
            signals,
            timeout=timeout,
            raising=raising,
            check_params_cbs=check_params_cbs,
            order=order,
        )

    def waitCallback(
        self, *, timeout: int = PATIENCE_MS, raising: bool | None = None
    ) -> CallbackBlocker:
        return super().waitCallback(timeout=timeout, raising=raising)

    def waitExposed(
        self, widget: QWidget, *, timeout: int = PATIENCE_MS
    ) -> _WaitWidgetContextManager:
        return super().waitExposed(widget, timeout=timeout)

    def waitActive(
        self, widget: QWidget, *, timeout: int = PATIENCE_MS
    ) -> _WaitWidgetContextManager:
        return _InFront(self, widget, timeout)


class _InFront(_WaitWidgetContextManager):
    """Active at the end of the block, asked for until it is granted: an X server without a window
    manager loses a wish now and then, above all one for a window that it has not mapped yet."""

    def __init__(self, bot: PatientBot, widget: QWidget, timeout: int) -> None:
        super().__init__("qWaitForWindowActive", "activated", widget, timeout)
        self._bot = bot

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        window: QWidget = self._widget.window()

        def active() -> bool:
            if not window.isActiveWindow():
                if QGuiApplication.platformName() != "offscreen":  # it warns that it cannot
                    window.raise_()
                window.activateWindow()
            return window.isActiveWindow()

        if exc_type is None:
            self._bot.waitUntil(active, timeout=self._timeout)
        super().__exit__(exc_type, exc_val, exc_tb)
