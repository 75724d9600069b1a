"""What goes wrong in a way that somebody must be told."""


class OperatorError(Exception):
    """A fault of settings, files or environment: its text tells the operator what to do."""


class Refusal(Exception):  # noqa: N818 - a no, not a fault
    """A domain's "no": its text is a Chinese sentence for whoever asked. Raised before anything was written."""
