"""Who recruits at a fair and for which posts, all by digits."""

from core.reply import Choice
from core.router import Router
from db.events import Event
from db.jobs import Job
from handlers import texts
from handlers.anytime import stale
from handlers.event_errand import note
from handlers.exam_errand import numbers
from handlers.guide import page_number, paged
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from knowledge.job_why import pay_words
from services import event_fair, event_list
from services.event_fair import Stand

routes: Router[Heard] = Router()

STANDS = "{title}\n有 {count} 家企业，{jobs} 个岗位，要 {places} 人。回复数字看看："
NO_STANDS = "{title}的企业名单还没有出来，过几天再看。"
STAND, BOOTH = "{name}（{jobs} 个岗位）", "{booth} 展位 {name}（{jobs} 个岗位）"
JOBS = "{name}在“{title}”招这些，回复数字看看："
NO_JOBS = "{name}还没有写招什么，到了现场可以问。"


@routes.action("event-fair")
async def stands(turn: Turn) -> None:
    """Show a page of the employers of a fair."""
    argument, _, page = turn.argument.partition(":")
    event = await _fair(turn, argument, 1)
    if event is None:
        await stale(turn)
        return
    note(turn)
    found = await event_fair.stands(turn.db, event.id, event_list.day_of(event))
    if not found:
        turn.say(NO_STANDS.format(title=event.title), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    screen, number = f"event-fair:{event.id}", page_number(page)
    visit(turn, f"{screen}:{number}" if number else screen)
    options = [Choice(_label(stand), f"event-stand:{event.id}.{stand.employer.id}") for stand in found]
    jobs, places = sum(stand.jobs for stand in found), sum(stand.places for stand in found)
    text = STANDS.format(title=event.title, count=len(found), jobs=jobs, places=places)
    turn.say(text, *paged(options, number, screen), replaces=True)


@routes.action("event-stand")
async def stand(turn: Turn) -> None:
    """Show a page of the posts of an employer at a fair."""
    argument, _, page = turn.argument.partition(":")
    event = await _fair(turn, argument, 2)
    found = await event_fair.stands(turn.db, event.id, event_list.day_of(event)) if event else []
    theirs = next((one for one in found if argument.endswith(f".{one.employer.id}")), None)
    if event is None or theirs is None:
        await stale(turn)
        return
    note(turn)
    number, screen = page_number(page), f"event-stand:{argument}"
    visit(turn, f"{screen}:{number}" if number else screen)
    jobs = await event_fair.jobs_of(turn.db, event.id, theirs.employer.id, event_list.day_of(event))
    text = (JOBS if jobs else NO_JOBS).format(name=theirs.employer.name, title=event.title)
    turn.say(text, *paged([Choice(_post(job), f"job:{job.id}") for job in jobs], number, screen), replaces=True)


async def _fair(turn: Turn, argument: str, count: int) -> Event | None:
    found = numbers(argument, count)
    event = await turn.db.get(Event, found[0], populate_existing=True) if found else None
    return event if event is not None and event.kind == "fair" and event.status in ("open", "over") else None


def _label(stand: Stand) -> str:
    text = BOOTH if stand.booth else STAND
    return text.format(booth=stand.booth, name=stand.employer.name, jobs=stand.jobs)


def _post(job: Job) -> str:
    return f"{job.title} {pay_words(job.pay_from, job.pay_to)}"
