"""What of certifications still waits, said without a notice: on asking, on binding, and above how it is done."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.reply import Choice
from handlers import texts
from handlers.ladder import certification_choices
from handlers.reminded_for import FAMILY, YOU
from handlers.turn import Turn
from services import open_certifications
from services.open_certifications import Waiting
from services.person_cards import called
from services.reminded import HOTLINE
from services.vault import Vault

SHOW = "open-cert"
LIST_CHOICE = Choice("我的提醒", "notice-list")
WAITS = "{whom}{which}还没办，{deadline}前办好就行。\n有不清楚的，请打 {phone}（{station}）。"
LATE = "{whom}{which}还没办，{deadline}已经截止，现在办也行。\n请打 {phone}（{station}）说一声，我们帮您办。"
THIS_YEAR, TITLED = "今年的生存认证", "的“{title}”"
LABEL = "{whom}：{title}"
SEVERAL = "有 {count} 份认证还没办，回复数字，看一份办一份："
_LISTED = 5


async def of_account(db: AsyncSession, address_id: int, now: datetime) -> list[Waiting]:
    """Return what waits today."""
    return await open_certifications.of_account(db, address_id, now.astimezone(CHINA).date())


def whom_of(vault: Vault, one: Waiting) -> str:
    """Return how the one is called whose certification it is."""
    return YOU if one.own else called(vault, one.person) or FAMILY


def which_of(one: Waiting, among: Sequence[Waiting], now: datetime) -> str:
    """Return which certification it is: by the campaign's title where this year has several."""
    alone = len({other.campaign.id for other in among}) == 1
    this_year = one.campaign.year == now.astimezone(CHINA).year
    return THIS_YEAR if alone and this_year else TITLED.format(title=one.campaign.title)


def label_of(vault: Vault, one: Waiting) -> str:
    """Return how it is named in a list."""
    return LABEL.format(whom=whom_of(vault, one), title=one.campaign.title)


def sentence(vault: Vault, one: Waiting, among: Sequence[Waiting], now: datetime) -> str:
    """Return that it waits, until when, and whom to ask."""
    day = one.reminder.due_on
    late = day < now.astimezone(CHINA).date()
    return (LATE if late else WAITS).format(
        whom=whom_of(vault, one), which=which_of(one, among, now),
        deadline=texts.DEADLINE.format(month=day.month, day=day.day),
        phone=one.desk.phone if one.desk else HOTLINE, station=one.desk.name if one.desk else texts.ANY_STATION,
    )  # fmt: skip


def told(vault: Vault, found: Sequence[Waiting], now: datetime) -> tuple[str, tuple[Choice, ...]]:
    """Return what to say of what waits: one with its choices, several as a list."""
    if len(found) == 1:
        return sentence(vault, found[0], found, now), certification_choices(found[0].reminder.id)
    listed = [Choice(label_of(vault, one), f"{SHOW}:{one.reminder.id}") for one in found[:_LISTED]]
    return SEVERAL.format(count=len(found)), (*listed, LIST_CHOICE)


async def on_knowing(
    db: AsyncSession, vault: Vault, address_id: int, person_id: int, now: datetime
) -> tuple[str, tuple[Choice, ...]]:
    """Return what to say at once of somebody who is known to an account from now on; nothing where nothing waits."""
    found = [one for one in await of_account(db, address_id, now) if one.person.id == person_id]
    text, choices = told(vault, found, now) if found else ("", ())
    return text and f"\n\n{text}", choices


async def say_known(turn: Turn, vault: Vault, done: str, person_id: int) -> None:
    """Say that somebody is known from now on, and what waits for them."""
    text, choices = await on_knowing(turn.db, vault, turn.address_id, person_id, turn.now)
    turn.say(done + text, *(choices or (texts.START_CHOICE,)))
