"""Who writes a letter and who gets it: the lines above its body."""
