"""What holds of every message, whatever it says: it can be drawn by every channel and chosen from by digits."""

from datetime import UTC, datetime
from typing import Any

from bot.channels.base import Message
from bot.channels.telegram.outbound import _keyboard
from bot.channels.web.stream import _as_event
from bot.commands.desk import drawn
from db.turns import Outbox

MOST_CHOICES, ACTION_BYTES, TEXT_LENGTH = 7, 64, 4096


def check_payload(payload: dict[str, Any]) -> None:
    """Check a stored message against every channel's limits."""
    choices = payload["choices"]
    assert payload["text"].strip()
    assert len(payload["text"]) <= TEXT_LENGTH
    assert len(choices) <= MOST_CHOICES
    assert len({c["digit"] for c in choices}) == len(choices)
    assert len({c["action"] for c in choices}) == len(choices)
    assert all(c["label"].strip() for c in choices)
    assert all(0 < len(c["action"].encode()) <= ACTION_BYTES for c in choices)
    row = Outbox(id=1, payload=payload, at=datetime(2026, 11, 21, tzinfo=UTC))
    assert all(c["label"] in drawn(row) for c in choices)
    assert _as_event(row, None)["choices"] == choices
    keyboard = _keyboard(Message("7", payload["text"], tuple(choices)))
    assert len(keyboard.inline_keyboard if keyboard else []) == len(choices)
