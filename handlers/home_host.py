"""Whom staff go to for a visit at home, how that is handed on, and what is said of it: with all answers, or with a few."""

from datetime import datetime

from db.cases import SupportCase
from db.people import Conversation
from db.places import Station
from handlers import home_draft, texts
from handlers.acting import SELF, record
from handlers.event_errand import Errand
from handlers.home_draft import FAMILY, draft
from handlers.reminded_for import WITH_STAFF
from handlers.turn import Turn, fill
from handlers.when import day_and_time
from services import case_station, home_visits, person_cards
from services.home_visits import Host
from services.masks import surname
from services.person_cards import open_sealed
from services.vault import Vault

_SENT = "home_visit_sent"
"""What was said when it was passed on, for whoever taps twice."""
OWN, OF_FAMILY, BY_PROXY = "本人", "家人{surname}某", "{relation} 代 {surname}某"
FAMILY_UNNAMED = "家人"


def host_of(vault: Vault, turn: Turn, whom: Errand | None) -> Host:
    """Return what is known; "" for what was not said."""
    known = draft(turn)
    place, contact = open_sealed(vault, known.get("place")), known.get("contact")
    if contact:
        return Host(open_sealed(vault, contact[0]), open_sealed(vault, contact[1]), place)
    name, phone = person_cards.opened(vault, whom.person) if whom and whom.person else ("", "")
    return Host(name, open_sealed(vault, known.get("phone")) or phone, place)


def who_in_short(turn: Turn, whom: Errand | None, host: Host) -> str:
    """Return for whom, as the case may say it to everybody who sees it: 本人, 家人李某, 女儿 代 王某."""
    if draft(turn).get("who", FAMILY) == FAMILY or whom is None:
        return OF_FAMILY.format(surname=surname(host.name)) if host.name else FAMILY_UNNAMED
    return OWN if whom.acting.as_ == SELF else BY_PROXY.format(relation=whom.as_, surname=surname(host.name))


async def hand_on(turn: Turn, vault: Vault, whom: Errand | None, host: Host, question: str, done: str) -> None:
    """Open the case, tell its number, and keep no draft."""
    station_id = await _station_id(turn, whom, host)
    conversation = await turn.db.get_one(Conversation, turn.address_id)
    case = await home_visits.ask(turn.db, vault, conversation, question, host, station_id, turn.now)
    station = await turn.db.get(Station, station_id) if station_id else None
    name = station.name if station else fill(turn, "{bureau}")
    text = done.format(station=name, code=case.code, expected=_expected(case, turn.now))
    turn.data[_SENT] = text
    home_draft.end(turn)
    turn.say(text, texts.PROGRESS_CHOICE, texts.START_CHOICE, replaces=True)
    if whom is not None:
        await record(turn, vault, whom.acting, "上门", f"support_case:{case.id}")


def was_sent(turn: Turn) -> bool:
    """Tell whether it was handed on already."""
    return _SENT in turn.data


def say_sent(turn: Turn) -> None:
    """Say once more what was said then."""
    turn.say(turn.data[_SENT], texts.PROGRESS_CHOICE, texts.START_CHOICE)


def _expected(case: SupportCase, now: datetime) -> str:
    if case.due_at is None or case.due_at <= now:
        return WITH_STAFF
    return texts.EXPECTED.format(when=day_and_time(case.due_at, now))


async def _station_id(turn: Turn, whom: Errand | None, host: Host) -> int | None:
    person = whom.person if whom else None
    if person is not None and person.station_id is not None:
        return person.station_id
    return await case_station.named_in(turn.db, host.place)
