"""The sample newsroom: real press items in feed files, served by the service itself and polled like any feed."""
