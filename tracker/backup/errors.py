"""Why a backup cannot be made or brought back."""


class BackupError(Exception):
    """A backup that cannot be made, is not whole, or cannot be restored here; the message says why, for operators."""
