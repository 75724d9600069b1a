"""Several notices of one kind for one account become one message, so that no telephone rings five times in a row."""

from collections.abc import Sequence
from typing import Any

from db.turns import Outbox

LONGEST = 3500
"""Characters of one message, with room for what a channel adds (core.telegram.org/bots/api#sendmessage: 4096)."""
MERGED = "merged:"
"""What the error of a notice begins with that another message says; the id of that one follows."""
_ALONE = {"parts", "document", "qr"}
ONE_BY_ONE = "回复“提醒”，可以一件一件办。"


def messages(rows: Sequence[Outbox]) -> list[list[Outbox]]:
    """Put the notices of one kind and account, in their order, into as few messages as their length allows."""
    found: list[list[Outbox]] = []
    for row in rows:
        together = [*found[-1], row] if found else [row]
        if not found or any(map(_alone, together)) or len(_text(together)) > LONGEST:
            found.append([row])
        else:
            found[-1].append(row)
    return found


def _alone(row: Outbox) -> bool:
    """Tell what was put together before and held again, and what a file or a picture belongs to."""
    return not _ALONE.isdisjoint(row.payload)


def put_together(rows: Sequence[Outbox]) -> dict[str, Any]:
    """Return the payload of a message that says several; choices stay only where one notice alone has some.

    Otherwise a digit could mean this one or that one: then the word 提醒 lists them one by one.
    """
    offering = [row for row in rows if row.payload["choices"]]
    return {
        **rows[0].payload,
        "text": _text(rows),
        "choices": offering[0].payload["choices"] if len(offering) == 1 else [],
        "parts": [
            {
                "id": row.id,
                "text": row.payload["text"],
                "choices": row.payload["choices"],
                "reminder_id": row.reminder_id,
            }
            for row in rows
        ],
    }


def own_part(row: Outbox) -> dict[str, Any]:
    """Return the payload that a message had before others were put to it."""
    own = next(part for part in row.payload["parts"] if part["id"] == row.id)
    rest = {name: value for name, value in row.payload.items() if name != "parts"}
    return rest | {"text": own["text"], "choices": own["choices"]}


def merged_into(error: str) -> int:
    """Return the id that stands behind MERGED."""
    return int(error.removeprefix(MERGED))


def _text(rows: Sequence[Outbox]) -> str:
    texts = list(dict.fromkeys(row.payload["text"] for row in rows))
    if sum(bool(row.payload["choices"]) for row in rows) > 1:
        texts.append(ONE_BY_ONE)
    return "\n\n".join(texts)
