"""What an institution said: identity, versions, what changes or vanishes, and what can be quoted of it."""
