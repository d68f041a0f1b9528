"""What goes between a window or a command and the engine process."""
