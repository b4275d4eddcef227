"""The desk: what the team sees. A view is thin: form, verb of the newsroom, template."""
