"""What goes wrong in a way that somebody must be told."""


class OperatorError(Exception):
    """A fault of settings, files or environment: its text tells the operator what to do."""
