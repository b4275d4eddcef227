"""The `publisher` command: everything the desk can do, with --json."""
