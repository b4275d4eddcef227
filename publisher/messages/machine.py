"""The sentences about the machine it runs on: settings, disk, database, files, backups."""

MACHINE: dict[str, str] = {
    # --- settings -----------------------------------------------------------------------------
    "config.unknown": "There is no setting %(setting)s. Take it out of .env and the environment; .env.example lists all.",
    "config.unknown_close": "There is no setting %(setting)s. Did you mean %(close)s?",
    "config.wrong": "The setting %(setting)s is wrong: %(why)s.",
    "config.port": "Port %(port)s on %(host)s cannot be used: something else listens there. Set PUBLISHER_PORT to another.",
    "config.file": "The file %(path)s that the setting %(setting)s names cannot be read.",
    "config.env": "The file %(path)s cannot be read. It must be text in UTF-8 that you may open.",
    "config.part": "The setting %(setting)s needs a part that is not installed: pip install 'publisher[%(part)s]'.",
    # --- the machine it runs on ---------------------------------------------------------------
    "config.listen": "The desk cannot listen on %(host)s, port %(port)s: %(why)s. Set PUBLISHER_HOST and PUBLISHER_PORT to others.",
    "database.unusable": (
        "The database cannot be used: %(why)s. Check that it is there and may be written, and the free disk space."
    ),
    "disk.unusable": "%(path)s cannot be used: %(why)s. Check its owner and the free disk space.",
    "config.data_dir": "The data folder %(path)s cannot be written. Check its owner and the free space.",
    "file.unreadable": "%(path)s cannot be read. Is the name right, and is it text in UTF-8?",
    # --- backups ------------------------------------------------------------------------------
    "backup.cannot_write": "The backup could not be written to %(path)s. Check the folder and the free space.",
    "backup.not_empty": "The data folder %(path)s already holds a database. Move it away first; nothing was changed.",
    "backup.none": "%(path)s is no backup of ours, or it is damaged. Nothing was changed.",
    "backup.postgresql": (
        "This command is for SQLite. Back PostgreSQL up with pg_dump, and copy the folders keys and media of the data folder."
    ),
}
