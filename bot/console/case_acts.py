"""What staff do with a case, one button each; a refusal stands beside the form, and nothing typed is lost."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import texts
from bot.console.case import ONE, nonce, page
from bot.console.case_files import keep_uploads
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.wake import CONSOLE, DELIVER, stream
from core.errors import Refusal
from db.cases import KINDS, SupportCase
from services import case_feed, case_handover, drafts, petitions

_LONGEST = 20_000
"""Characters of one answer or note; the outbox cuts it as the channel needs."""

routes = Routes()

Act = Callable[[AsyncSession, SupportCase], Awaitable[object]]


@routes.post(f"{ONE}/answer", "cases")
async def answer(visit: Visit) -> web.Response:
    """Send words and files to the person."""
    text, key = visit.form.get("text"), f"console:{visit.id()}:{nonce(visit)}"
    if len(text) > _LONGEST:
        return await page(visit, texts.TOO_LONG, "answer")
    try:
        files = await keep_uploads(visit)
    except Refusal as refusal:
        return await page(visit, f"{refusal}\n{texts.NOT_SENT}", "answer")

    async def send(db: AsyncSession, case: SupportCase) -> None:
        await visit.console.casework.answer(db, case.id, visit.staff, text, visit.now, key=key, files=files)

    return await _do(visit, "case_answered", send, "answer", files=len(files))


@routes.post(f"{ONE}/note", "cases")
async def note(visit: Visit) -> web.Response:
    """Keep a private note."""
    text, key = visit.form.get("note"), f"console:{visit.id()}:{nonce(visit)}"
    if len(text) > _LONGEST:
        return await page(visit, texts.TOO_LONG, "note")

    async def keep(db: AsyncSession, case: SupportCase) -> None:
        await visit.console.casework.note(db, case.id, visit.staff, text, visit.now, key=key)

    return await _do(visit, "case_noted", keep, "note")


@routes.post(f"{ONE}/claim", "cases")
async def claim(visit: Visit) -> web.Response:
    """Take the case."""
    work = visit.console.casework
    return await _do(visit, "case_claimed", lambda db, case: work.claim(db, case.id, visit.staff, visit.now))


@routes.post(f"{ONE}/close", "cases")
async def close(visit: Visit) -> web.Response:
    """Close the case and ask the person how it was."""
    work = visit.console.casework
    return await _do(visit, "case_closed", lambda db, case: work.close(db, case.id, visit.staff, visit.now))


@routes.post(f"{ONE}/false-alarm", "cases")
async def false_alarm(visit: Visit) -> web.Response:
    """Close a danger that was none."""
    work = visit.console.casework
    return await _do(visit, "case_false_alarm", lambda db, case: work.false_alarm(db, case.id, visit.staff, visit.now))


@routes.post(f"{ONE}/reopen", "cases")
async def reopen(visit: Visit) -> web.Response:
    """Open the case again."""
    work = visit.console.casework
    return await _do(visit, "case_reopened", lambda db, case: work.reopen(db, case.id, visit.staff, visit.now))


@routes.post(f"{ONE}/kind", "cases")
async def change_kind(visit: Visit) -> web.Response:
    """Give the case another kind."""
    kind = visit.form.get("kind")

    async def change(db: AsyncSession, case: SupportCase) -> None:
        if kind not in KINDS:
            raise Refusal(texts.NO_KIND)
        if kind != case.kind:
            await visit.console.casework.change_kind(db, case.id, visit.staff, kind, visit.now)

    return await _do(visit, "case_kind", change, kind=kind)


@routes.post(f"{ONE}/transfer", "cases")
async def transfer(visit: Visit) -> web.Response:
    """Hand the case to a colleague or to a station's queue."""
    sort, _, number = visit.form.get("to").partition(":")
    target = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0

    async def move(db: AsyncSession, case: SupportCase) -> None:
        targets = await case_handover.targets_of(db, case)
        known = {"staff": targets.colleagues, "station": {0: "", **targets.stations}}.get(sort, {})
        if target not in known:
            raise Refusal(texts.NO_TARGET)
        to_staff, to_station = (target, None) if sort == "staff" else (None, target or None)
        await visit.console.casework.transfer(
            db, case.id, visit.staff, visit.now, to_staff=to_staff, to_station=to_station
        )

    return await _do(visit, "case_transferred", move, "transfer", to=f"{sort}:{target}")


@routes.post(f"{ONE}/draft", "drafts")
async def make_draft(visit: Visit) -> web.Response:
    """Make question and answer the draft of an entry."""
    return await _do(
        visit, "draft_made", lambda db, case: drafts.from_case(db, case.id, visit.staff, visit.now), done=texts.DRAFTED
    )


@routes.post(f"{ONE}/petition", "cases")
async def petition(visit: Visit) -> web.Response:
    """Note a step of a petition that the law sets a time for."""
    step, staff, now = visit.form.get("step"), visit.staff, visit.now
    steps: dict[str, Act] = {
        "notice": lambda db, case: petitions.notice_given(db, case.id, staff.id, now),
        "extend": lambda db, case: petitions.extend(db, case.id, staff.id, visit.form.get("reason"), now),
        "decide": lambda db, case: petitions.decide(db, case.id, staff.id, now),
        "ask_review": lambda db, case: petitions.ask_review(db, case.id, staff.id, now),
        "review": lambda db, case: petitions.review_done(db, case.id, staff.id, now),
    }
    if step not in steps:
        raise web.HTTPBadRequest
    return await _do(visit, "case_petition", steps[step], "petition", step=step)


async def _do(
    visit: Visit, action: str, act: Act, where: str = "acts", *, done: str = "", **detail: object
) -> web.Response:  # fmt: skip
    """Act in one transaction of what one may see, record it, and tell whoever waits."""
    case_id = visit.id()
    try:
        async with visit.console.database.transaction() as db:
            case = await case_feed.find_visible(db, visit.staff, case_id)
            await act(db, case)
            await db.flush()
            await visit.record(db, action, f"case:{case_id}", code=case.code, **detail)
    except Refusal as refusal:
        return await page(visit, str(refusal), where)
    await visit.console.wake.announce([DELIVER, stream(case.address_id), CONSOLE])
    async with visit.console.database.snapshot() as db:
        try:
            await case_feed.find_visible(db, visit.staff, case_id)
        except Refusal:
            return visit.redirect("/console/", texts.MOVED_AWAY.format(code=case.code))
    return visit.redirect(f"/console/cases/{case_id}" + ("#answer" if where == "answer" else ""), done)
