"""At the counter: a relative is named as proxy or ended, and a death is written down or taken back."""

from datetime import date

from aiohttp import web

from bot.console import texts
from bot.console.person import show
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.wake import CONSOLE, DELIVER
from core.errors import Refusal
from handlers import account_notices
from services import deaths, person_search, proxies
from services.proxies import Consent

_ONE = r"/people/{id:\d{1,18}}"

routes = Routes()


@routes.post(f"{_ONE}/proxies", "people")
async def offer(visit: Visit) -> web.Response:
    """Take a consent, and show the code for the relative, this once."""
    try:
        consent = _consent(visit)
        async with visit.console.database.transaction() as db:
            person = await person_search.person_of(db, visit.staff, visit.id(), lock=True)
            code = await proxies.offer(db, visit.console.vault, person.id, consent, visit.now)
            detail = {"relation": consent.relation, "scopes": list(consent.scopes), "until": str(consent.ends_on)}
            await visit.record(db, "proxy_offered", f"person:{person.id}", **detail)
    except Refusal as refusal:
        return await show(visit, refusal=str(refusal))
    return visit.render("proxy_code.html", person_id=visit.id(), code=code, consent=consent)


@routes.post(f"{_ONE}/proxies/end", "people")
async def end(visit: Visit) -> web.Response:
    """End a proxy or take an offer back; both sides are told."""
    number = visit.form.number("proxy") or 0
    async with visit.console.database.transaction() as db:
        person = await person_search.person_of(db, visit.staff, visit.id(), lock=True)
        mine = [one.id for one in await proxies.given_by(db, person.id, date.min)]
        ended = await proxies.end(db, number, visit.now) if number in mine else None
        if ended is not None:
            await account_notices.tell_ended(db, visit.console.vault, ended, visit.now)
            await visit.record(db, "proxy_ended", f"person:{person.id}", proxy=ended.id)
    await visit.console.wake.announce([DELIVER])
    return _back(visit, texts.PROXY_ENDED)


@routes.post(f"{_ONE}/death", "people")
async def report(visit: Visit) -> web.Response:
    """Write a death down: everything stops, and a case goes to a named colleague."""
    if visit.form.get("sure") != "yes":
        return await show(visit, refusal=texts.DEATH_SURE)
    async with visit.console.database.transaction() as db:
        person = await person_search.person_of(db, visit.staff, visit.id())
        death = await deaths.report(db, visit.console.vault, person.id, visit.now)
        named = death.staff.id if death.staff else None
        await visit.record(db, "death_reported", f"person:{person.id}", staff=named)
    await visit.console.wake.announce([DELIVER, CONSOLE])
    name = death.staff.name if death.staff else texts.NOBODY_NAMED
    return _back(visit, texts.DEATH_REPORTED.format(name=name) if death.case else texts.DEATH_KNOWN)


@routes.post(f"{_ONE}/death/undo", "people")
async def undo(visit: Visit) -> web.Response:
    """Take a mistaken report back."""
    async with visit.console.database.transaction() as db:
        person = await person_search.person_of(db, visit.staff, visit.id(), lock=True)
        await deaths.undo(db, person, visit.now)
        await visit.record(db, "death_undone", f"person:{person.id}", reason=visit.form.get("reason")[:200])
    return _back(visit, texts.DEATH_UNDONE)


def _consent(visit: Visit) -> Consent:
    form = visit.form
    if form.get("agreed") != "yes":
        raise Refusal(texts.CONSENT_NEEDED)
    try:
        ends_on = date.fromisoformat(form.get("ends_on")) if form.get("ends_on") else proxies.in_a_year(visit.now)
    except ValueError as error:
        raise Refusal(proxies.BAD_END) from error
    if not form.get("relation"):
        raise Refusal(proxies.BAD_RELATION)
    return Consent(form.all("scope"), ends_on, form.get("relation"), form.get("relative")[:40], visit.staff.id)


def _back(visit: Visit, notice: str) -> web.Response:
    return visit.redirect(f"/console/people/{visit.id()}", notice)
