"""The composed router is total: any words, any button, any event is answered, in every state, without an exception."""

from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.intake import Intake
from bot.metrics import Metrics
from bot.wake import Wake
from core.turn import Inbound
from db.engine import Database
from db.turns import Inbox, Outbox
from handlers import routes
from knowledge.index import Snapshot
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.properties.shown import check_payload

pytestmark = [pytest.mark.properties, pytest.mark.parametrize("_template", ["sqlite"], indirect=True)]

SILENT = ("blocked", "unblocked")
ACTIONS = (
    "start", "stop", "human", "back", "none", "hot", "guide", "topic", "goods", "kind", "found", "offer", "refused", "faq"
)  # fmt: skip
SAID = (
    "优待证怎么办", "那要带什么材料", "我爸呢", "在哪办", "不是,我问的是优抚", "吃饭打折", "补助", "我不想活了", "找工作",
    "返回", "首页", "人工", "重说", "听不懂", "退出", "0", "9", "一", "第二个", "7", "你好", "优待证怎么办?光荣牌怎么领?",
    "都不是", "{phone}", "{0}", "😀😀", "...", "都" * 1500,
)  # fmt: skip
ARGUMENTS = st.sampled_from(["", "0", "1", "-1", "99999999999999999999", "²", "٣", "优待:1", "就业", "a:b:2", "{x}"])

words = st.tuples(st.just("text"), st.sampled_from(SAID) | st.text(max_size=60))
buttons = st.tuples(
    st.just("action"),
    st.builds(lambda name, argument: f"{name}:{argument}", st.sampled_from(ACTIONS), ARGUMENTS | st.text(max_size=40))
    | st.sampled_from(ACTIONS)
    | st.text(max_size=60),
)
happenings = st.tuples(
    st.just("event"),
    st.sampled_from(["photo", "voice", "sticker", "location", "group", "other", *SILENT]) | st.text(max_size=10),
)
_runs = count()


@settings(max_examples=80)
@given(st.lists(words | buttons | happenings, min_size=1, max_size=5))
@example([("action", "goods:" + "9" * 5000), ("action", "found:" + "9" * 5000), ("action", "hot:" + "9" * 5000)])
@example([("action", "topic:优待证:" + "9" * 5000), ("text", "优待证怎么办"), ("text", "听不懂"), ("text", "重说")])
@example([("action", "refused:YD-0001"), ("text", "重说"), ("action", "back"), ("action", "back"), ("text", "9")])
async def test_everything_is_answered(
    database: Database, clock: SettableClock, snapshot: Snapshot, inbounds: list[tuple[str, str]]
) -> None:
    library: Any = SimpleNamespace(snapshot=snapshot)
    intake = Intake(database, library, routes(VAULT).route, Wake(), Metrics(), clock, {})
    run = str(next(_runs))
    for number, (kind, text) in enumerate(inbounds):
        event_id = f"{run}:{number}"
        taken = await intake.receive(Inbound("web", event_id, run, kind, text))  # type: ignore[arg-type]
        async with database.snapshot() as db:
            inbox = await db.get_one(Inbox, ("web", event_id))
            rows = list(await db.scalars(select(Outbox).where(Outbox.id.in_(taken.replies))))
        assert inbox.error is None
        assert bool(rows) != (kind == "event" and inbox.text in SILENT)
        for row in rows:
            check_payload(row.payload)
