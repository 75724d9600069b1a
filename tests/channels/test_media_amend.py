"""An edited message keeps what it said before, and staff see the new words once."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.engine import Database
from db.turns import Inbox, InboxVersion
from tests.channels.line import Line, open_line
from tests.fakes.bot_api import message_update
from tests.fakes.clock import SettableClock
from tests.journeys.office import only_case
from tests.journeys.test_handoff import MONDAY_MORNING

FILE = {"file_id": "f", "file_unique_id": "u"}


@pytest.fixture
async def line(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Line]:
    clock.moment = MONDAY_MORNING
    async with open_line(database, clock, tmp_path) as line:
        yield line


def edit(update_id: int, message_id: int, **content: Any) -> dict[str, Any]:
    message = message_update(update_id, **content)["message"] | {"message_id": message_id, "edit_date": 2}
    return {"update_id": update_id, "edited_message": message}


async def words(line: Line) -> tuple[list[str], list[str]]:
    """Return what messages say now, and what they said before."""
    async with line.database.snapshot() as db:
        now = await db.scalars(select(Inbox.text).where(Inbox.kind == "text").order_by(Inbox.event_id))
        before = await db.scalars(select(InboxVersion.text).order_by(InboxVersion.id))
        return list(now), list(before)


async def test_both_versions_are_kept_and_staff_see_the_new_one_once(line: Line) -> None:
    await line.happens(message_update(1, text="0"))
    await line.happens(message_update(2, text="我住在城东村的老房子里"))
    for _ in range(2):
        await line.happens(edit(3, 2, text="我住在城西村的老房子里"))
    await line.happens(edit(4, 2, text="我住在城北村的老房子里"))
    assert await words(line) == (
        ["0", "我住在城北村的老房子里"],
        ["我住在城东村的老房子里", "我住在城西村的老房子里"],
    )
    edits = [text for who, text, _ in await line.said_in_group() if text.startswith("（已编辑）")]
    assert edits == ["（已编辑）我住在城西村的老房子里", "（已编辑）我住在城北村的老房子里"]
    assert (await only_case(line.database)).status == "open"


async def test_an_edit_that_changes_nothing_leaves_no_version(line: Line) -> None:
    await line.happens(message_update(2, text="我住在城东村"))
    await line.happens(edit(3, 2, text="我住在城东村"))
    assert await words(line) == (["我住在城东村"], [])


async def test_an_edit_of_a_message_never_seen(line: Line) -> None:
    await line.happens(edit(3, 2, text="我住在城东村"))
    assert await words(line) == ([], [])


async def test_nobody_edits_the_message_of_another(line: Line) -> None:
    await line.happens(message_update(2, text="我住在城东村"))
    other = edit(3, 2, text="改了")
    other["edited_message"]["chat"]["id"] = 8
    await line.happens(other)
    assert await words(line) == (["我住在城东村"], [])


async def test_words_put_under_a_photo_later(line: Line) -> None:
    photo = {"photo": [FILE | {"width": 1, "height": 1}]}
    await line.happens(message_update(2, **photo))
    await line.happens(edit(3, 2, caption="这是我的优待证", **photo))
    assert await words(line) == (["这是我的优待证"], [""])
    assert len(await line.attachments()) == 1


async def test_danger_in_an_edit_is_heard(line: Line) -> None:
    await line.happens(message_update(2, text="你好"))
    await line.happens(edit(3, 2, text="我不想活了"))
    assert (await only_case(line.database)).crisis
