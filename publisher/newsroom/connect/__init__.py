"""Connecting accounts: our apps at the networks, signing in there, and tokens that are renewed."""
