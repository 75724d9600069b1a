"""What goes wrong in a way that somebody must be told."""


class Refusal(Exception):  # noqa: N818 - a "no" of the domain is not an error
    """A "no" that the person hears: its text is the Chinese sentence to say."""


class OperatorError(Exception):
    """A fault of settings, files or environment: its text tells the operator what to do."""
