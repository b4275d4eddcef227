"""Publisher: from an institution's sources to its followers, with a person in between."""

__version__ = "0.1.0"
