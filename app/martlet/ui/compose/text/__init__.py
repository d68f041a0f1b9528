"""The body of a letter: its editor, and what can be done to words and paragraphs in it."""
