"""Django's SQLite, with a queue for its writers; `ENGINE` in the settings names this package."""
