"""The outbox: a list of the letters that wait, and what can be done about those chosen in it."""
