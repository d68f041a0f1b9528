"""What is asked and looked at until a letter goes."""
