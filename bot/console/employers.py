"""Employers: found by name, put right, and marked once staff have checked that they are what they say."""

from aiohttp import web

from bot.console import job_words, texts
from bot.console.campaign_people import Address
from bot.console.form import row_id
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import employers

_ONE = r"/employers/{id:\d{1,18}}"
_LAST_PAGE = 10_000
_LONGEST_WORDS = 60

routes = Routes()


@routes.get("/employers", "jobs")
async def listing(visit: Visit) -> web.Response:
    """List a page of employers by name."""
    query = visit.request.query
    text, checked = query.get("text", "").strip()[:_LONGEST_WORDS], query.get("verified", "")
    number = max(min(row_id(query.get("page", "")) or 1, _LAST_PAGE), 1)
    verified = {"yes": True, "no": False}.get(checked)
    async with visit.console.database.snapshot() as db:
        rows, more = await employers.page(db, text, verified=verified, number=number)
    return visit.render(
        "employers.html", rows=rows, more=more, page=number, text=text, checked=checked,
        address=Address("/console/employers", query),
    )  # fmt: skip


@routes.get(_ONE, "jobs")
async def one(visit: Visit) -> web.Response:
    """Show an employer."""
    return await _page(visit)


async def _page(visit: Visit, refusal: str = "") -> web.Response:
    async with visit.console.database.snapshot() as db:
        row = await employers.find(db, visit.id())
    kept = {"name": row.employer.name, "credit_code": row.employer.credit_code or "", "phone": row.employer.phone or ""}
    cells = {name: visit.form.get(name) for name in kept} if refusal else kept
    return visit.render("employer.html", status=422 if refusal else 200, refusal=refusal, row=row, cells=cells)


@routes.post(_ONE, "jobs")
async def change(visit: Visit) -> web.Response:
    """Change what is known of it."""
    form = visit.form
    try:
        async with visit.console.database.transaction() as db:
            employer = await employers.change(
                db, visit.id(), form.get("name"), form.get("credit_code"), form.get("phone")
            )
            await visit.record(db, "employer_changed", f"employer:{employer.id}", name=employer.name)
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    return visit.redirect(f"/console/employers/{visit.id()}", texts.SAVED)


@routes.post(f"{_ONE}/{{act:verify|unverify}}", "jobs")
async def mark(visit: Visit) -> web.Response:
    """Note that it was checked, or take the mark back."""
    verified = visit.request.match_info["act"] == "verify"
    async with visit.console.database.transaction() as db:
        if verified:
            await employers.verify(db, visit.id(), visit.staff.id, visit.now)
        else:
            await employers.unverify(db, visit.id())
        action = "employer_verified" if verified else "employer_unverified"
        await visit.record(db, action, f"employer:{visit.id()}")
    sentence = job_words.VERIFIED if verified else job_words.UNVERIFIED
    return visit.redirect(f"/console/employers/{visit.id()}", sentence)
