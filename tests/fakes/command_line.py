"""What a command of `python -m bot` comes to, run in this process."""

from collections.abc import Callable
from typing import NamedTuple


class Done(NamedTuple):
    """How it ended, and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Done]
