"""Every screen that can be reached by pressing is drawn, fits, and leads on; and every entry and offer is reached."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.reply import Choice
from core.turn import Inbound, Turn
from db.engine import Database
from handlers import routes
from knowledge.heard import Heard
from knowledge.index import Snapshot
from services import outbox, people
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.properties.shown import check_payload

pytestmark = [pytest.mark.properties, pytest.mark.parametrize("_template", ["sqlite"], indirect=True)]


@pytest.fixture
async def db(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.transaction() as session:
        yield session


async def _press(db: AsyncSession, snapshot: Snapshot, clock: SettableClock, address_id: int, action: str) -> list[str]:
    heard = snapshot.nothing_said()
    turn: Turn[Heard] = Turn(db, clock(), Inbound("web", "1", "7", "action", action), heard, address_id)
    turn.data = {"sought": "吃饭打折"}
    await routes(VAULT).route(turn)
    assert turn.replies
    for reply in turn.replies:
        check_payload(outbox.payload(reply.text, reply.choices))
    return [choice.action for reply in turn.replies for choice in reply.choices]


async def test_press_everything(db: AsyncSession, snapshot: Snapshot, clock: SettableClock) -> None:
    address_id = (await people.open_conversation(db, "web", "7", clock())).address_id
    waiting, seen = ["start"], {"start"}
    while waiting:
        action = waiting.pop()
        for found in await _press(db, snapshot, clock, address_id, action):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    assert {f"faq:{slug}" for slug in snapshot.entries} <= seen
    offers = [offer for offer in snapshot.catalogue.offers if offer.valid_on(snapshot.day)]
    assert {f"offer:{offer.code}" for offer in offers} <= seen


async def test_no_screen_leads_nowhere(db: AsyncSession, snapshot: Snapshot, clock: SettableClock) -> None:
    """From an answer a person can go back or to somebody, without a word."""
    address_id = (await people.open_conversation(db, "web", "7", clock())).address_id
    for slug in list(snapshot.entries)[::20]:
        assert {"human", "back"} <= set(await _press(db, snapshot, clock, address_id, f"faq:{slug}"))
    assert Choice("返回", "back").action in await _press(db, snapshot, clock, address_id, "guide")
