"""The files of a letter: taken in, shown as cards, weighed."""
