"""One post with all that decides, and what can be said of it: 我想去, 合适, 不合适, 举报虚假."""

from collections.abc import Awaitable, Callable
from functools import partial

from core.errors import Refusal
from core.reply import Choice
from core.router import Router
from db.events import Event
from handlers import job_lines, job_list, job_report, job_want, texts
from handlers.anytime import stale
from handlers.job_card import card
from handlers.job_draft import has_draft
from handlers.job_hearing import note, row_number, today_of
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import job_feedback, jobs
from services.jobs import Full
from services.vault import Vault

CLOSED = "“{title}”已经停招了。要找别的，回复：找工作"
IN_REVIEW = "“{title}”正在核实，核实好了才能看。\n要找别的，回复：找工作"
WANT, FITS_LABEL, FITS_NOT_LABEL, REPORT, FAIR = "我想去", "合适", "不合适", "举报虚假", "也在招聘会上招：看看"
FITS = "记下了，以后多给您留意这样的。\n想去的话，回复 1，工作人员帮您联系。"
FITS_NOT = "记下了，以后少给您看这样的。"
_LISTS = (job_list.NEXT, job_list.SHOWN, "event", "fair")
"""How screens begin that list posts, and that 返回 can show again."""

Screen = Callable[[Turn, Full], Awaitable[None]]


def routes(whole: Router[Heard], vault: Vault) -> Router[Heard]:
    """Return the routes; `whole` answers words that are about something else."""
    router: Router[Heard] = Router()
    screens: dict[str, Screen] = {
        job_lines.SHOW: show, "job-fits": fits, "job-not": fits_not, "job-report": job_report.ask,
        "job-want": partial(job_want.want, vault),
    }  # fmt: skip
    for name, screen in screens.items():
        router.action(name)(partial(_about, screen))
    router.include(job_report.routes(whole))
    router.include(job_want.routes(whole, vault))
    return router


async def show(turn: Turn, full: Full) -> None:
    """Show it."""
    _come_from_list(turn)
    visit(turn, f"{job_lines.SHOW}:{full.job.id}")
    number = full.job.id
    event = await turn.db.get(Event, full.job.event_id) if full.job.event_id else None
    fair = [Choice(FAIR, f"event:{event.id}")] if event and event.status == "open" and event.ends_at > turn.now else []
    turn.say(
        card(full),
        Choice(WANT, f"job-want:{number}"), Choice(FITS_LABEL, f"job-fits:{number}"),
        Choice(FITS_NOT_LABEL, f"job-not:{number}"), Choice(REPORT, f"job-report:{number}"), *fair, texts.BACK_CHOICE,
    )  # fmt: skip


async def fits(turn: Turn, full: Full) -> None:
    """Remember that it suits."""
    await job_feedback.say(turn.db, turn.address_id, full.job.id, fits=True, now=turn.now)
    turn.say(FITS, Choice(WANT, f"job-want:{full.job.id}"), texts.BACK_CHOICE)


async def fits_not(turn: Turn, full: Full) -> None:
    """Remember that it does not."""
    await job_feedback.say(turn.db, turn.address_id, full.job.id, fits=False, now=turn.now)
    narrow = job_list.FIX_CHOICE if has_draft(turn) else job_list.SUBSCRIPTIONS_CHOICE
    turn.say(FITS_NOT, narrow, texts.BACK_CHOICE)


async def _about(screen: Screen, turn: Turn) -> None:
    """Show a screen of a post that is still on offer."""
    job_id = row_number(turn.argument)
    if job_id is None:
        await stale(turn)
        return
    note(turn)
    turn.finish()
    try:
        full = await jobs.find(turn.db, job_id)
        if refused := _refused(turn, full):
            turn.say(refused, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        else:
            await screen(turn, full)
    except Refusal as refusal:
        turn.say(str(refusal), texts.PERSON_CHOICE, texts.BACK_CHOICE)


def _refused(turn: Turn, full: Full) -> str | None:
    if full.job.status == "review":
        return IN_REVIEW.format(title=full.job.title)
    if full.job.status != "open" or full.job.closes_on < today_of(turn):
        return CLOSED.format(title=full.job.title)
    return None


def _come_from_list(turn: Turn) -> None:
    """Let 返回 lead to the list that a digest brought: no screen of the conversation shows it."""
    prefix = f"{job_lines.SHOW}:"
    ids = [choice.action.removeprefix(prefix) for choice in turn.menu if choice.action.startswith(prefix)]
    trail = turn.data.get("trail", [])
    if turn.argument in ids and not (trail and trail[-1].startswith(_LISTS)):
        visit(turn, job_list.shown_action([int(number) for number in ids]))
