"""Martlet, a desktop mail client."""

__version__ = "0.1.0"
