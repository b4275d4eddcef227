"""Whatever reads a source. Knows nothing of the database."""
