"""Mail merge: one letter to everybody in a table."""
