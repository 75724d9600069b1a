"""Once all is said: shown for a last look, and passed on to staff near where the person lives."""

from collections.abc import Awaitable, Callable
from functools import partial

from core.reply import Choice
from core.router import Router
from db.people import Conversation, Person
from db.places import Station
from handlers import home_draft, home_visit_when, texts
from handlers.acting import SELF, record
from handlers.anytime import stale
from handlers.event_errand import Errand
from handlers.home_draft import FAMILY, REASONS, asked, draft, note
from handlers.reminded_for import WITH_STAFF
from handlers.turn import Turn, fill
from handlers.when import day_and_time
from knowledge.heard import Heard
from services import case_station, home_visits, person_cards
from services.home_visits import Host
from services.masks import surname
from services.person_cards import open_sealed
from services.vault import Vault

_SENT = "home_visit_sent"
"""What was said when it was passed on, for whoever taps twice."""

CONFIRM = "请看一遍，对的话回复 1：\n给{who}上门办：{service}\n原因：{why}\n地址：{place}\n时间：{when}"
YES_CHOICE, AGAIN_CHOICE = Choice("确认，请上门", "home-send"), Choice("重新填", "home-visit")
DONE = "已经转给{station}，求助单号 {code}。\n{expected}\n工作人员上门前会先打电话，不收任何费用。"
DECIDED_BY_STAFF = "\n上门主要给残疾和 80 岁以上的老人办。\n能不能去，工作人员看了再定，会给您回话。"
DAY_OVER = "原来选的日子不能上门了，请再选一个。"
QUESTION = "申请上门：{service}。{who}，{why}。\n{when}，{place}。"
OWN, OF_FAMILY, BY_PROXY = "本人", "家人{surname}某", "{relation} 代 {surname}某"
_SHOWN = 6
"""Characters of an address that are shown."""


def routes(vault: Vault, go_on: Callable[[Turn], Awaitable[None]]) -> Router[Heard]:
    """Return the routes; `go_on` asks for what is missing next."""
    router: Router[Heard] = Router()
    router.action("home-send", when=asked)(partial(send, vault, go_on))

    @router.action("home-send", when=lambda turn: _SENT in turn.data)
    async def sent_before(turn: Turn) -> None:
        note(turn)
        turn.say(turn.data[_SENT], texts.PROGRESS_CHOICE, texts.START_CHOICE)

    return router


async def confirm(vault: Vault, turn: Turn) -> None:
    """Show all that staff will get, and ask once more."""
    known = draft(turn)
    text = CONFIRM.format(
        who=await home_draft.called(turn, vault), service=known["service"], why=known["why"],
        place=_shown(open_sealed(vault, known["place"])), when=home_visit_when.label(known["day"]),
    )  # fmt: skip
    turn.say(text, YES_CHOICE, AGAIN_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True)


def _shown(place: str) -> str:
    """Return the beginning of an address: what is said stays in the transcript."""
    return place if len(place) <= _SHOWN else f"{place[:_SHOWN]}***"


async def send(vault: Vault, go_on: Callable[[Turn], Awaitable[None]], turn: Turn) -> None:
    """Pass it on, if it can still be done; what is missing by now is asked for again."""
    known = draft(turn)
    whom = await home_draft.errand(turn, vault)
    if known.get("who", FAMILY) != FAMILY and whom is None:  # the elder has ended the proxy meanwhile
        home_draft.end(turn)
        await stale(turn)
        return
    if known.get("contact") is None and (whom is None or whom.person is None):  # the account was bound until now
        home_draft.forget(turn, "contact")
    if not home_draft.complete(turn):
        await go_on(turn)
        return
    if known["day"] not in await home_visit_when.free(turn):
        home_draft.forget(turn, "day")
        turn.say(DAY_OVER)
        await go_on(turn)
        return
    note(turn)
    host = _host(vault, turn, whom)
    station_id = await _station_id(turn, whom, host)
    conversation = await turn.db.get_one(Conversation, turn.address_id)
    question = _question(turn, whom, host)
    case = await home_visits.ask(turn.db, vault, conversation, question, host, station_id, turn.now)
    later = case.due_at is not None and case.due_at > turn.now
    expected = texts.EXPECTED.format(when=day_and_time(case.due_at, turn.now)) if later and case.due_at else WITH_STAFF
    station = await turn.db.get(Station, station_id) if station_id else None
    text = DONE.format(station=station.name if station else fill(turn, "{bureau}"), code=case.code, expected=expected)
    text += DECIDED_BY_STAFF if known["why"] == REASONS[-1] else ""
    turn.data[_SENT] = text
    home_draft.end(turn)
    turn.say(text, texts.PROGRESS_CHOICE, texts.START_CHOICE, replaces=True)
    if whom is not None:
        await record(turn, vault, whom.acting, "上门", f"support_case:{case.id}")


def _host(vault: Vault, turn: Turn, whom: Errand | None) -> Host:
    known = draft(turn)
    place, contact = open_sealed(vault, known["place"]), known["contact"]
    if contact:
        return Host(open_sealed(vault, contact[0]), open_sealed(vault, contact[1]), place)
    assert whom is not None
    assert whom.person is not None
    return Host(*person_cards.opened(vault, whom.person), place)


async def _station_id(turn: Turn, whom: Errand | None, host: Host) -> int | None:
    person: Person | None = whom.person if whom else None
    if person is not None and person.station_id is not None:
        return person.station_id
    return await case_station.named_in(turn.db, host.place)


def _question(turn: Turn, whom: Errand | None, host: Host) -> str:
    known, who = draft(turn), OWN
    if whom is None:
        who = OF_FAMILY.format(surname=surname(host.name))
    elif whom.acting.as_ != SELF:
        who = BY_PROXY.format(relation=whom.as_, surname=surname(host.name))
    when = home_visit_when.label(known["day"])
    return QUESTION.format(service=known["service"], who=who, why=known["why"], when=when, place=_shown(host.place))
