"""What the window says and asks about folders: names, rights, how much is kept, what they are for.

The tree itself is `ui/folder_pane.py`; what is asked of the engine is in `verbs.py` here.
"""
