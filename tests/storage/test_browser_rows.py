"""What a browser has yet to show, and what its acknowledgement settles."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import update

from bot.channels.web import transcript
from core.reply import Choice, Lane, Reply
from db.engine import Database
from db.turns import Outbox
from services import browser_rows, notices, outbox, people
from tests.fakes.clock import SettableClock
from tests.storage.conftest import Post

Read = Callable[[int], Awaitable[Outbox]]


async def _waiting(database: Database, address_id: int, after: int | None = None) -> list[int]:
    async with database.snapshot() as db:
        return [row.id for row in await browser_rows.unsettled(db, address_id, after)]


async def _acknowledge(database: Database, address_id: int, *ids: int) -> None:
    async with database.transaction() as db:
        await browser_rows.acknowledge(db, address_id, ids)


async def test_unsettled_until_acknowledged(post: Post, database: Database, address_id: int) -> None:
    first, second = await post(channel="web"), await post(channel="web")
    assert await _waiting(database, address_id) == [first, second]
    await _acknowledge(database, address_id, first)
    assert await _waiting(database, address_id) == [second]


async def test_acknowledged_by_another_tab_still_comes_to_this_one(
    post: Post, database: Database, address_id: int
) -> None:
    old, new = await post(channel="web"), await post(channel="web")
    await _acknowledge(database, address_id, old, new)
    assert await _waiting(database, address_id, after=old) == [new]


async def test_nobody_acknowledges_for_another(
    post: Post, database: Database, address_id: int, clock: SettableClock, read: Read
) -> None:
    row_id = await post(channel="web")
    async with database.transaction() as db:
        other = (await people.open_conversation(db, "web", "8", clock())).address_id
    await _acknowledge(database, other, row_id)
    assert (await read(row_id)).status == "ready"
    assert await _waiting(database, other) == []


async def test_unknown_and_repeated_acknowledgements_do_nothing(
    post: Post, database: Database, address_id: int, read: Read
) -> None:
    row_id = await post(channel="web")
    await _acknowledge(database, address_id, row_id, row_id, 404)
    await _acknowledge(database, address_id, row_id)
    await _acknowledge(database, address_id)
    assert (await read(row_id)).status == "sent"


async def test_dead_is_not_brought_back(post: Post, database: Database, address_id: int, read: Read) -> None:
    row_id = await post(channel="web")
    async with database.transaction() as db:
        (await db.get_one(Outbox, row_id)).status = "dead"
    await _acknowledge(database, address_id, row_id)
    assert (await read(row_id)).status == "dead"


async def test_last_id_and_last_said(post: Post, database: Database, address_id: int) -> None:
    async with database.snapshot() as db:
        assert await browser_rows.last_id(db, address_id) == 0
        assert await outbox.last_said(db, address_id) is None
    await post("第一句")
    last = await post("第二句")
    async with database.snapshot() as db:
        assert await browser_rows.last_id(db, address_id) == last
        assert await outbox.last_said(db, address_id) == {"text": "第二句", "choices": []}


async def test_long_text_is_cut_and_only_the_last_part_has_choices(
    database: Database, address_id: int, clock: SettableClock
) -> None:
    to = outbox.Recipient("web", "7", address_id, 10)
    async with database.transaction() as db:
        reply = Reply("一二三四五六。七八九十。天地玄黄。", (Choice("返回", "back"),))
        ids = await outbox.post(db, to, reply, clock(), lane=Lane.NOTICE, edits_id=3)
    async with database.snapshot() as db:
        rows = await browser_rows.unsettled(db, address_id, None)
    assert [row.id for row in rows] == ids == sorted(ids)
    assert [row.payload["text"] for row in rows] == ["一二三四五六。", "七八九十。天地玄黄。"]
    assert [row.payload["choices"] for row in rows] == [[], [{"label": "返回", "action": "back", "digit": "9"}]]
    assert [row.edits_id for row in rows] == [3, None]


async def test_found_by_the_channels_own_id(post: Post, database: Database) -> None:
    row_id = await post()
    async with database.transaction() as db:
        (await db.get_one(Outbox, row_id)).external_id = "55"
    async with database.snapshot() as db:
        assert await outbox.find_by_external_id(db, "telegram", "7", "55") == row_id
        assert await outbox.find_by_external_id(db, "telegram", "8", "55") is None
        assert await outbox.find_by_external_id(db, "web", "7", "55") is None


async def test_a_held_notice_shows_nowhere_and_one_let_go_shows_where_it_was_let_go(
    post: Post, database: Database, address_id: int, clock: SettableClock
) -> None:
    notice = notices.Notice("news", "web", "7", address_id, "通知", "n:1", not_before=clock() + timedelta(hours=8))
    async with database.transaction() as db:
        await notices.post(db, [notice], clock())
    clock.advance(3600)
    said = await post("答", channel="web")
    assert await _waiting(database, address_id) == [said]
    async with database.snapshot() as db:
        assert [m["text"] for m in await transcript.read(db, address_id, {})] == ["答"]
        assert await outbox.last_said(db, address_id) == {"text": "答", "choices": []}
    async with database.transaction() as db:
        await db.execute(update(Outbox).where(Outbox.status == "held").values(status="ready"))
    assert len(await _waiting(database, address_id)) == 2
    async with database.snapshot() as db:
        assert [m["text"] for m in await transcript.read(db, address_id, {})] == ["答", "通知"]
