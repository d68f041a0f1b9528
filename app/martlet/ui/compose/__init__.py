"""Writing a letter: the composer's window and its parts."""

from martlet.ui.compose.window import ComposeWindow

__all__ = ["ComposeWindow"]
