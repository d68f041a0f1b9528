"""The table of known providers, by region. Read through `mail.providers`, which loads it late."""
