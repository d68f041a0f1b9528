"""A letter's words without Qt: lines of runs, read from any HTML, written as HTML and as text."""
