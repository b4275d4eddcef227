"""Whatever talks to a social network. Knows nothing of the database."""
