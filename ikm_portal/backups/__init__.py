"""Backups of database and stored files, of the keys apart from them, and the way back."""


class BackupError(Exception):
    """Why it cannot go on, as a sentence for the person at the keyboard."""
