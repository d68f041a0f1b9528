"""What the window does before it makes a widget, its tests must do too."""

from __future__ import annotations

from martlet.ui.none_count import keep_none_alive

keep_none_alive()
