"""Events in any order, any number of times each: one effect each, and the replies of the first time every time."""

from collections import Counter
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.intake import Intake
from bot.metrics import Metrics
from bot.wake import Wake
from core.turn import Inbound, Turn
from db.engine import Database
from db.people import Address, Conversation
from db.turns import Inbox, Outbox
from handlers import texts
from knowledge.heard import Heard
from tests.fakes.clock import SettableClock

pytestmark = pytest.mark.properties

_runs = count()


async def _effect(turn: Turn[Any]) -> None:
    turn.data["events"] = [*turn.data.get("events", []), turn.inbound.text]
    if turn.inbound.text == "bad":
        raise ZeroDivisionError
    turn.say("一")
    turn.say("二")


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["1", "2", "3", "bad"])), min_size=1, max_size=12))
async def test_one_effect_per_event(
    database: Database, clock: SettableClock, capsys: pytest.CaptureFixture[str], deliveries: list[tuple[str, str]]
) -> None:
    run = f"run{next(_runs)}"
    library: Any = SimpleNamespace(snapshot=SimpleNamespace(nothing_said=lambda: Heard(None)))  # type: ignore[arg-type]
    intake = Intake(database, library, _effect, Wake(), Metrics(), clock, {})
    first: dict[tuple[str, str], list[int]] = {}
    for sender, event in deliveries:
        taken = await intake.receive(Inbound(run, f"{sender}{event}", sender, "action", event))
        assert taken.repeated == ((sender, event) in first)
        assert first.setdefault((sender, event), taken.replies) == taken.replies
    async with database.snapshot() as db:
        inbox = list(await db.scalars(select(Inbox).where(Inbox.channel == run)))
        outbox = list(await db.scalars(select(Outbox).where(Outbox.channel == run)))
        effects = await db.execute(
            select(Address.external_id, Conversation.data).join(Conversation).where(Address.channel == run)
        )
    assert Counter(row.event_id for row in inbox) == Counter(s + e for s, e in first)
    assert {row.event_id for row in inbox if row.error} == {s + e for s, e in first if e == "bad"}
    assert {s: data.get("events", []) for s, data in effects} == {
        sender: [e for s, e in first if s == sender and e != "bad"] for sender in {s for s, _ in first}
    }
    said = Counter((row.in_reply_to, row.payload["text"]) for row in outbox)
    wanted = [(s + e, t) for s, e in first for t in ([texts.APOLOGY] if e == "bad" else ["一", "二"])]
    assert said == Counter(wanted)
    assert sorted(row.id for row in outbox) == sorted(i for ids in first.values() for i in ids)
