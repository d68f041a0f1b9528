"""Writing a letter: the composer's window and its parts."""
