"""Certification campaigns: listed, drafted, changed, and looked at as the people will see them."""

from contextlib import suppress
from dataclasses import asdict
from datetime import date
from typing import Any

from aiohttp import web

from bot.console import campaign_form, campaign_words, texts
from bot.console.campaign_form import Typed
from bot.console.message_looks import looks
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.clock import CHINA
from core.errors import Refusal
from handlers.ladder import certification_choices
from services import campaign_steps, campaigns, progress
from services.campaigns import CampaignSheet

_ONE = r"/campaigns/{id:\d{1,18}}"
_NO_REMINDER = 0

routes = Routes()


@routes.get("/campaigns", "campaigns")
async def listing(visit: Visit) -> web.Response:
    """List all campaigns with how far each has come."""
    async with visit.console.database.snapshot() as db:
        found = [(one, await progress.overall(db, one.id, visit.staff)) for one in await campaigns.everything(db)]
    return visit.render("campaigns.html", campaigns=found, statuses=campaign_words.STATUSES)


@routes.get("/campaigns/new", "campaign_plans")
async def ask(visit: Visit) -> web.Response:
    """Offer a sheet that needs no more than a look."""
    return _sheet(visit, campaign_form.shown(_offered(visit)))


@routes.post("/campaigns/new", "campaign_plans")
async def make(visit: Visit) -> web.Response:
    """Draft a campaign, or show what its texts will look like."""
    typed = campaign_form.typed(visit.form)
    if visit.form.get("act") == "preview":
        return _sheet(visit, typed, preview=True)
    try:
        sheet = campaign_form.read(typed)
        async with visit.console.database.transaction() as db:
            campaign = await campaigns.create(db, visit.staff, sheet, visit.now)
            await visit.record(db, "campaign_made", f"campaign:{campaign.id}", title=campaign.title)
    except Refusal as refusal:
        return _sheet(visit, typed, str(refusal))
    return visit.redirect(f"/console/campaigns/{campaign.id}", texts.CAMPAIGN_MADE)


@routes.get(f"{_ONE}/edit", "campaign_plans")
async def edit(visit: Visit) -> web.Response:
    """Show the sheet of a campaign."""
    async with visit.console.database.snapshot() as db:
        campaign = await campaigns.find(db, visit.id())
    return _sheet(visit, campaign_form.shown(campaign), id=campaign.id, status=campaign.status)


@routes.post(f"{_ONE}/edit", "campaign_plans")
async def change(visit: Visit) -> web.Response:
    """Change a campaign, or show what its texts will look like."""
    typed = campaign_form.typed(visit.form)
    async with visit.console.database.snapshot() as db:
        old = await campaigns.find(db, visit.id())
    if visit.form.get("act") == "preview":
        return _sheet(visit, typed, preview=True, id=old.id, status=old.status)
    try:
        sheet = campaign_form.read(typed)
        async with visit.console.database.transaction() as db:
            changed = [name for name, value in asdict(sheet).items() if getattr(old, name) != value]
            await campaigns.change(db, old.id, sheet)
            await visit.record(db, "campaign_changed", f"campaign:{old.id}", fields=changed)
    except Refusal as refusal:
        return _sheet(visit, typed, str(refusal), id=old.id, status=old.status)
    return visit.redirect(f"/console/campaigns/{old.id}", texts.SAVED)


def _offered(visit: Visit) -> CampaignSheet:
    today = visit.now.astimezone(CHINA).date()
    year = today.year if today.month < 12 else today.year + 1
    fact = visit.console.library.snapshot.content.facts[campaign_steps.BASIS_FACT]
    opens_on = max(date(year, 9, 1), today) if today.year == year else date(year, 9, 1)
    return CampaignSheet(
        f"{year} 年度生存认证", year, campaign_steps.basis_of(fact), opens_on, date(year, 12, 31),
        campaign_steps.default_steps(),
    )  # fmt: skip


def _sheet(visit: Visit, typed: Typed, refusal: str = "", *, preview: bool = False, **known: Any) -> web.Response:
    context = {"id": None, "status": "draft"} | known
    return visit.render(
        "campaign_sheet.html", status=422 if refusal else 200, refusal=refusal, typed=typed, id=context["id"],
        started=context["status"] != "draft", rungs=campaign_steps.RUNGS, blanks=campaign_steps.BLANKS,
        most=campaign_steps.MOST, longest=campaign_steps.LONGEST_TEXT,
        previews=_previews(visit, typed) if preview else [],
    )  # fmt: skip


def _previews(visit: Visit, typed: Typed) -> list[dict[str, Any]]:
    """Return every step as it will look; a text that cannot be sent says why instead."""
    return [_preview(visit, typed, number, step["text"]) for number, step in enumerate(typed.steps, 1)]


def _preview(visit: Visit, typed: Typed, number: int, text: str) -> dict[str, Any]:
    deadline = typed.deadline
    with suppress(ValueError):
        there = date.fromisoformat(typed.deadline)
        deadline = f"{there.month}月{there.day}日"
    try:
        checked = campaign_steps.check_text(text)
    except Refusal as refusal:
        return {"number": number, "refusal": str(refusal), "looks": []}
    blanks = campaign_words.sample(deadline, visit.console.library.snapshot.profile.phone)
    said = campaign_steps.fill(checked, blanks)
    return {"number": number, "refusal": "", "looks": looks(said, certification_choices(_NO_REMINDER))}
