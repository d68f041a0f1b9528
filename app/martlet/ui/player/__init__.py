"""Sound and film of attachments, played when asked: in a process and a window of their own."""
