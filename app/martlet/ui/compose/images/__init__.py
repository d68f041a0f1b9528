"""Pictures in the text of a letter: read, shown, sized, saved."""
