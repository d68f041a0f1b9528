"""How a letter is kept while it is written and when its window closes."""
