"""The nouns of mail: frozen dataclasses and enums. Imports nothing of ours."""
