"""Windows that look inside a message: its source, all its headers, its structure."""
