"""Attachments looked at inside the window; what decodes them is a process of its own."""
