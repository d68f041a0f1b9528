"""Signatures in a letter."""
