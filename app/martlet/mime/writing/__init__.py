"""Mail that is written: answers and drafts begun, kept, and built as bytes."""
