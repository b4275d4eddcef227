"""The history: written once, checked, shown, handed out."""
