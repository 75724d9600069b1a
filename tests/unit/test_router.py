"""The first route that fits answers, and the composed router always has one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.router import Router
from core.turn import Inbound, Kind, Turn


def turn_of(kind: Kind, text: str, state: str | None = None) -> Turn[str]:
    inbound = Inbound("web", "1", "laozhang", kind, text)
    return Turn(db=None, now=datetime(2026, 11, 21, tzinfo=UTC), inbound=inbound, heard=text, address_id=1, state=state)  # type: ignore[arg-type]


def says(word: str) -> Any:
    async def handler(turn: Turn[str]) -> None:
        turn.say(word)

    return handler


async def said(router: Router[str], turn: Turn[str]) -> str:
    await router.route(turn)
    return turn.replies[0].text


async def test_first_match_wins() -> None:
    router: Router[str] = Router()
    router.text(lambda turn: turn.heard == "一")(says("first"))
    router.text(lambda turn: turn.heard in "一二")(says("second"))
    router.text()(says("last"))
    assert [await said(router, turn_of("text", t)) for t in "一二三"] == ["first", "second", "last"]


async def test_a_test_is_not_asked_when_kind_or_state_do_not_fit() -> None:
    router: Router[str] = Router()
    router.text(lambda turn: pytest.fail("asked"), state="booking")(says("no"))
    router.text()(says("yes"))
    assert await said(router, turn_of("text", "x")) == "yes"


@pytest.mark.parametrize(
    ("action", "argument"), [("faq:card-lost", "card-lost"), ("faq", ""), ("faq:", ""), ("faq:a:b", "a:b")]
)
async def test_argument_is_what_follows_the_first_colon(action: str, argument: str) -> None:
    router: Router[str] = Router()
    router.action("faq")(says("faq"))
    turn = turn_of("action", action)
    assert await said(router, turn) == "faq"
    assert turn.argument == argument


async def test_text_with_a_colon_is_no_action() -> None:
    router: Router[str] = Router()
    router.action("faq")(says("action"))
    router.text()(says("text"))
    assert await said(router, turn_of("text", "faq:card-lost")) == "text"


async def test_state_narrows_a_route() -> None:
    router: Router[str] = Router()
    router.action("slot", state="choosing")(says("in state"))
    router.action()(says("anywhere"))
    assert await said(router, turn_of("action", "slot:1", "choosing")) == "in state"
    assert await said(router, turn_of("action", "slot:1", "other")) == "anywhere"
    assert await said(router, turn_of("action", "slot:1")) == "anywhere"


async def test_events_go_by_name_then_to_the_catch_all() -> None:
    router: Router[str] = Router()
    router.event("photo")(says("photo"))
    router.event()(says("other"))
    assert await said(router, turn_of("event", "photo")) == "photo"
    assert await said(router, turn_of("event", "dance")) == "other"


async def test_included_routes_come_after_ours() -> None:
    ours: Router[str] = Router()
    theirs: Router[str] = Router()
    theirs.text()(says("theirs"))
    ours.text()(says("ours"))
    ours.include(theirs)
    assert await said(ours, turn_of("text", "x")) == "ours"


async def test_no_route_is_an_error() -> None:
    with pytest.raises(LookupError):
        await Router[str]().route(turn_of("text", "x"))


def test_go_and_finish_keep_what_was_said() -> None:
    turn = turn_of("text", "x")
    turn.go("choosing", slot=3)
    turn.go("confirming", name="老张")
    assert (turn.state, turn.data) == ("confirming", {"slot": 3, "name": "老张"})
    turn.finish()
    assert turn.state is None
