"""What people are told unasked of places they have or wait for at events: news, and a reminder on the day before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.reply import Choice
from core.tick import Pass
from handlers import texts
from handlers.event_screens import FAMILY, WAITS, YOU, place_facts, when, wrapped
from services import event_contacts, event_news, event_reminders, event_sign_ups, notices, person_cards
from services.event_contacts import To
from services.event_list import SignUp
from services.event_sign_ups import KIND
from services.notices import Notice
from services.vault import Vault

_AT_ONCE = 200
_SOON = timedelta(days=1)
"""News of what is nearer than this wakes people."""

SIGNED = "工作人员给{who}报好了“{title}”。\n{facts}\n有事去不了，回复“我的活动”可以取消。"
QUEUED = "工作人员给{who}报了“{title}”，名额满了。\n{waits}\n{facts}"
MOVED_UP = "“{title}”有人退出来，{who}排到名额了。\n{facts}\n去不了的话，请取消，好让给后面的人。"
CHANGED = "“{title}”的时间或地点改了，请按新的来。\n{facts}\n{state}"
CHANGED_HAS, CHANGED_WAITS = "{who}的名额还在。", "{who}还在排候补。"
DROPPED = "{who}报名的“{title}”取消了。\n时间：{when}\n原因：{reason}\n有疑问请打 {phone}，或回复 0 找人工。"
OFF = "“{title}”不办了，请不要跑一趟。\n原来的时间：{when}\n原因：{reason}\n有疑问请打 {phone}，或回复 0 找人工。"
REMINDER = (
    "{soon}就是{who}报名的“{title}”。\n{facts}\n到了门口，把门口写的四位数字发给我，就签到了。\n能去吗？回复数字就行。"
)
TODAY, TOMORROW = "今天", "明天"
SEE, GOING, DROP = "看我的报名", "我会去", "去不了，取消"

Words = Callable[[SignUp, str], str]
"""Makes the text of a sign-up; the second is whose it is: 您, or 王同志 for family."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said of a sign-up."""

    what: str
    words: Words
    choices: tuple[Choice, ...]
    expires_at: datetime
    urgent: bool


def _signed(one: SignUp, who: str) -> str:
    if one.position is None:
        return SIGNED.format(who=who, title=one.event.title, facts=place_facts(one))
    waits = WAITS.format(number=one.position, who=who)
    return QUEUED.format(who=who, title=one.event.title, waits=waits, facts=place_facts(one))


def _moved_up(one: SignUp, who: str) -> str:
    return MOVED_UP.format(who=who, title=one.event.title, facts=place_facts(one))


def _changed(one: SignUp, who: str) -> str:
    state = (CHANGED_HAS if one.row.status == "active" else CHANGED_WAITS).format(who=who)
    return CHANGED.format(title=one.event.title, facts=place_facts(one), state=state)


def _dropped(one: SignUp, who: str) -> str:
    return DROPPED.format(
        who=who,
        title=one.event.title,
        when=when(one.event),
        reason=wrapped(one.row.reason or ""),
        phone=one.event.phone,
    )


def _off(one: SignUp, _: str) -> str:
    event = one.event
    return OFF.format(title=event.title, when=when(event), reason=wrapped(event.reason or ""), phone=event.phone)


_NEWS: dict[str, Words] = {
    "signed": _signed, "moved_up": _moved_up, "changed": _changed, "dropped": _dropped, "cancelled": _off,
}  # fmt: skip


async def tell_news(vault: Vault, db: AsyncSession, now: datetime) -> Pass:
    """Tell what staff did with places, who moved up, and what is put off or off."""
    found = [await _complete(db, one) for one in await event_news.waiting(db, _AT_ONCE)]
    letters = {one.row.id: _news(one, now) for one in found}
    await _post(db, vault, found, letters, now)
    await event_news.told(db, found)
    return Pass(len(found))


async def _complete(db: AsyncSession, one: SignUp) -> SignUp:
    return SignUp(one.row, one.event, await event_sign_ups.position(db, one.row))


def _news(one: SignUp, now: datetime) -> Letter:
    news = one.row.news or ""
    see, drop = Choice(SEE, f"event-mine:{one.row.id}"), Choice(DROP, f"event-drop:{one.row.id}")
    choices = (texts.PERSON_CHOICE,) if news in ("dropped", "cancelled") else (see, drop)
    urgent = now < one.event.ends_at and one.event.starts_at - now <= _SOON
    return Letter(f"{news}:{int(now.timestamp())}", _NEWS[news], choices, one.event.ends_at, urgent)


async def remind(vault: Vault, db: AsyncSession, now: datetime) -> Pass:
    """Remind whoever has a place tomorrow."""
    found = await event_reminders.due(db, now, _AT_ONCE)
    days = {
        one.row.id: (one.event.starts_at.astimezone(CHINA).date() - now.astimezone(CHINA).date()).days for one in found
    }

    def words(one: SignUp, who: str) -> str:
        soon = TOMORROW if days[one.row.id] else TODAY
        return REMINDER.format(soon=soon, who=who, title=one.event.title, facts=place_facts(one))

    letters = {}
    for one in found:
        go, drop = Choice(GOING, f"event-go:{one.row.id}"), Choice(DROP, f"event-drop:{one.row.id}")
        what = f"remind:{int(one.event.starts_at.timestamp())}"
        letters[one.row.id] = Letter(what, words, (go, drop), one.event.starts_at, urgent=False)
    await _post(db, vault, found, letters, now)
    await event_reminders.reminded(db, found)
    return Pass(len(found))


async def _post(
    db: AsyncSession, vault: Vault, found: Sequence[SignUp], letters: dict[int, Letter], now: datetime
) -> None:
    told = await event_contacts.accounts(db, [one.row for one in found], now)
    posted = [_notice(vault, one, to, letters[one.row.id]) for one in found for to in told[one.row.id]]
    await notices.post(db, posted, now)


def _notice(vault: Vault, one: SignUp, to: To, letter: Letter) -> Notice:
    account, person = to
    who = YOU if person is None else person_cards.called(vault, person) or FAMILY
    return Notice(
        KIND, account.channel, account.external_id, account.id, letter.words(one, who),
        f"{event_sign_ups.key(one.row)}{letter.what}:{account.id}", choices=letter.choices,
        expires_at=letter.expires_at, urgent=letter.urgent,
    )  # fmt: skip
