"""What the program does: accounts, synchronising, sending, rendering."""
