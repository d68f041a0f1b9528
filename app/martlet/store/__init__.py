"""SQLite and raw messages. The only place that uses apsw and SQL."""
