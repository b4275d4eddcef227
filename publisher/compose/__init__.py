"""From an entry to a draft per network: pure."""
