"""The command line: one file per subject, loaded only when its command is asked for."""
