"""What a writer reaches for beside the text: the format bar, colours, links, emoji, finding."""
