"""What a reminder of an examination says: three days and one day before, the latest only when the clock was late."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.reply import Choice
from db.reminders import Reminder
from handlers import texts
from handlers.exam_notices import Letter, letters
from handlers.exam_screens import begins, place_facts
from services import exam_places, exam_reminders, exams
from services.exam_contacts import Contacts, contacts
from services.exam_places import Appointment
from services.reminders import Step
from services.vault import Vault

TEXT = "{soon}就是{who}的{title}。\n{facts}\n{ask}"
SOON, LATER = {0: "今天", 1: "明天"}, "还有 {days} 天"
ASK, ASK_OVER = "能去吗？回复数字就行。", "要改期或取消，请打 {phone}。"
GOING, MOVE, DROP = "我会去", "改期", "取消"


async def plan(db: AsyncSession, due: Sequence[Reminder], now: datetime, vault: Vault) -> list[Step]:
    """Plan what is said of each place; of one that was cancelled, or whose day has come, nothing."""
    places = {one.place.id: one for one in await exam_places.standing(db, [row.about_id for row in due])}
    told = await contacts(db, [row.person_id for row in due], now.astimezone(CHINA).date())
    return [_step(row, places.get(row.about_id), told.get(row.person_id), now, vault) for row in due]


def _step(row: Reminder, one: Appointment | None, to: Contacts | None, now: datetime, vault: Vault) -> Step:
    if one is None or now >= begins(one.session):
        return Step(row, (), row.step, None)
    moments = exam_reminders.steps(one.session.day)
    behind = sum(moment <= now for moment in moments)
    following = moments[behind] if behind < len(moments) else None
    changes = exams.takes_changes(one.batch, now.astimezone(CHINA).date())

    def words(_one: Appointment, who: str) -> str:
        days = (one.session.day - now.astimezone(CHINA).date()).days
        return TEXT.format(
            soon=SOON.get(days) or LATER.format(days=days), who=who, title=one.batch.title, facts=place_facts(one),
            ask=ASK if changes else ASK_OVER.format(phone=one.batch.phone),
        )  # fmt: skip

    letter = Letter(words, f"reminder:{row.id}:{behind}", _choices(one, changes=changes), following, row.id)
    return Step(row, tuple(letters(vault, one, to, letter, now)), behind, following)


def _choices(one: Appointment, *, changes: bool) -> tuple[Choice, ...]:
    go = Choice(GOING, f"exam-go:{one.place.id}")
    if not changes:
        return go, texts.PERSON_CHOICE
    return go, Choice(MOVE, f"exam-move:{one.place.id}"), Choice(DROP, f"exam-drop:{one.place.id}")
