"""What a source shows, and when to look: watching, pushes, rhythm, silence."""
