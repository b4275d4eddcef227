"""A random walk through delivery: `python -m tests.walk STEPS` (see `walk.py`)."""
