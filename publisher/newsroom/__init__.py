"""The verbs of the press office: each takes one thing to its next state, in one transaction, and leaves one event."""
