"""An answer of Telegram's that is not ok."""

from typing import Any


class Refused(Exception):
    """What the server answers instead of a result."""

    def __init__(
        self, status: int, description: str, retry_after: int | None = None, *, migrate_to: int | None = None
    ) -> None:
        super().__init__(description)
        self.status, self.description, self.retry_after = status, description, retry_after
        self.parameters: dict[str, Any] = {}
        if retry_after is not None:
            self.parameters["retry_after"] = retry_after
        if migrate_to is not None:
            self.parameters["migrate_to_chat_id"] = migrate_to
