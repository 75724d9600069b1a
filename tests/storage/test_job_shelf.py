"""The board in memory: as new as the posts, and made once however many ask for it at the same moment."""

import asyncio

from db.engine import Database
from knowledge.job_board import Board
from services.job_board import Shelf
from tests.fakes.clock import SettableClock
from tests.fakes.seekers import Seekers


async def test_many_who_ask_together_get_one_board(database: Database, clock: SettableClock) -> None:
    seekers = Seekers(database, clock)
    jobs = await seekers.posts(3)

    async def look() -> Board:
        async with database.snapshot() as db:
            return await seekers.shelf.board(db)

    boards = await asyncio.gather(*(look() for _ in range(5)))
    assert [post.id for post in boards[0].posts] == jobs[::-1]
    assert all(board is boards[0] for board in boards)
    more = await seekers.posts()
    assert [post.id for post in (await look()).posts] == [*more, *jobs[::-1]]


async def test_one_who_is_writing_and_one_who_reads_do_not_wait_for_each_other(
    database: Database, clock: SettableClock
) -> None:
    seekers = Seekers(database, clock)
    await seekers.posts()
    shelf = Shelf()

    async def look() -> Board:
        async with database.snapshot() as db:
            return await shelf.board(db)

    async with asyncio.timeout(10), database.transaction() as db:
        board, seen = await asyncio.gather(shelf.board(db), look())
    assert board is seen
