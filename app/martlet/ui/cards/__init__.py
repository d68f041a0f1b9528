"""Parts of a message that are shown as what they are, in cards above its text."""
