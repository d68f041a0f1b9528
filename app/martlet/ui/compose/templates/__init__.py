"""Templates and snippets: chosen, put in, changed."""
