"""我想去: staff are asked to introduce somebody; name and telephone are asked for once, and only where neither is known."""

from functools import partial

from core.errors import Refusal
from core.reply import Choice
from core.router import Router
from db.cases import SupportCase
from db.jobs import JobReferral
from db.people import Conversation
from handlers import texts
from handlers.anytime import stale
from handlers.contact_words import kept, read_contact
from handlers.job_hearing import answers_step, note, or_pass, row_number
from handlers.job_lines import cut
from handlers.turn import Turn, fill, visit
from knowledge.heard import Heard
from services import bindings, referrals
from services.jobs import Full
from services.vault import Vault

ASK = "请发您的姓名和电话，比如：王建国 13800001234。\n只给工作人员联系您用，聊天记录里会遮住。\n不想留，回复 1。"
ASK_AGAIN = "没看明白电话。请这样发：王建国 13800001234。\n不想留，回复 1。"
DONE = (
    "好，已经告诉工作人员您想去：{title}。\n求助单号 {code}，他们会在这里联系您，也可以打 {phone} 问。\n"
    "过几天我会问您成没成。单位要您先交钱的，别信。"
)  # fmt: skip
NONE = "您还没有说过想去哪个岗位。\n看到合适的，选“我想去”，工作人员帮您联系。"
LIST = "您想去的岗位，回复数字看看："
ONE = "{title}\n{employer}\n{status}"
STATUSES = {
    "new": "工作人员还在联系", "introduced": "已经推荐给单位了", "hired": "已经上班", "not_hired": "这次没成", "withdrawn": "您说不去了",
}  # fmt: skip
WITHDRAWN = "好，“{title}”不去了，我告诉工作人员。\n要找别的，回复：找工作"
SKIP_LABEL, WITHDRAW_LABEL, SEE_LABEL = "不留了", "不去了", "看这个岗位"
STATE = "jobs.contact"
_WANTED = "job_wanted"
_MOST, _LABEL = 5, 20


async def want(vault: Vault, turn: Turn, full: Full) -> None:
    """Ask staff to introduce whoever is known; ask the others for name and telephone first."""
    if await _is_known(turn):
        await _ask_staff(vault, turn, full.job.id, None, None)
        return
    turn.go(STATE, **{_WANTED: full.job.id})
    turn.say(ASK, Choice(SKIP_LABEL, f"job-anyway:{full.job.id}"), texts.BACK_CHOICE)


def routes(whole: Router[Heard], vault: Vault) -> Router[Heard]:
    """Return the routes; `whole` answers words that are about something else."""
    router: Router[Heard] = Router()
    router.text(state=STATE)(or_pass(whole, partial(contact_said, vault)))

    @router.action("job-anyway")
    async def without_contact(turn: Turn) -> None:
        number = row_number(turn.argument)
        await (stale(turn) if number is None else _ask_staff(vault, turn, number, None, None))

    router.action("job-wanted")(listing)
    router.action("job-ref")(one)
    router.action("job-unwant")(withdraw)
    return router


async def contact_said(vault: Vault, turn: Turn) -> bool:
    """Take name and telephone; False for words that hold neither and are about something else."""
    contact = read_contact(turn.inbound.text)
    if contact is None and (not answers_step(turn) or turn.heard.journey == "jobs"):
        return False
    note(turn)
    turn.kept = kept(contact)
    job_id = turn.data.get(_WANTED, 0)
    if contact is None:
        turn.say(ASK_AGAIN, Choice(SKIP_LABEL, f"job-anyway:{job_id}"), texts.BACK_CHOICE)
    else:
        await _ask_staff(vault, turn, job_id, contact.name, contact.phone)
    return True


async def listing(turn: Turn) -> None:
    """Show what one wanted."""
    note(turn)
    turn.finish()
    visit(turn, "job-wanted")
    found = (await referrals.of_account(turn.db, turn.address_id))[:_MOST]
    choices = [
        Choice(cut(f"{each.job.title}·{each.employer.name}", _LABEL), f"job-ref:{each.referral.id}") for each in found
    ]
    turn.say(LIST if found else NONE, *choices, texts.BACK_CHOICE)


async def one(turn: Turn) -> None:
    """Show how far it is with one."""
    note(turn)
    turn.finish()
    found = await referrals.of_account(turn.db, turn.address_id)
    wanted = next((each for each in found if str(each.referral.id) == turn.argument), None)
    if wanted is None:
        await stale(turn)
        return
    visit(turn, f"job-ref:{wanted.referral.id}")
    open_still = wanted.referral.status in ("new", "introduced")
    choices = [Choice(SEE_LABEL, f"job:{wanted.job.id}")] if wanted.job.status == "open" else []
    choices += [Choice(WITHDRAW_LABEL, f"job-unwant:{wanted.referral.id}")] if open_still else []
    text = ONE.format(title=wanted.job.title, employer=wanted.employer.name, status=STATUSES[wanted.referral.status])
    turn.say(text, *choices, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def withdraw(turn: Turn) -> None:
    """Take it back."""
    number = row_number(turn.argument)
    if number is None:
        await stale(turn)
        return
    note(turn)
    turn.finish()
    try:
        gone = await referrals.withdraw(turn.db, number, turn.address_id, turn.now)
    except Refusal as refusal:
        turn.say(str(refusal), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    turn.say(WITHDRAWN.format(title=gone.job.title), texts.START_CHOICE)


async def _is_known(turn: Turn) -> bool:
    """Tell whether staff have a telephone of the account: of the person it is bound to, or given for another post."""
    person = await bindings.bound_to(turn.db, turn.address_id)
    if person is not None and person.phone:
        return True
    return any(each.referral.phone for each in await referrals.of_account(turn.db, turn.address_id))


async def _ask_staff(vault: Vault, turn: Turn, job_id: int, name: str | None, phone: str | None) -> None:
    note(turn)
    turn.finish()
    turn.data.pop(_WANTED, None)
    conversation = await turn.db.get_one(Conversation, turn.address_id)
    try:
        referral = await referrals.want(turn.db, vault, conversation, job_id, turn.address_id, name, phone, turn.now)
    except Refusal as refusal:
        turn.say(str(refusal), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    await _say_done(turn, referral)


async def _say_done(turn: Turn, referral: JobReferral) -> None:
    wanted = next(
        each for each in await referrals.of_account(turn.db, turn.address_id) if each.referral.id == referral.id
    )
    case = await turn.db.get(SupportCase, referral.case_id) if referral.case_id else None
    text = fill(turn, DONE, title=wanted.job.title, code=case.code if case else "")
    withdraw_choice = Choice(WITHDRAW_LABEL, f"job-unwant:{referral.id}")
    turn.say(text, texts.PROGRESS_CHOICE, withdraw_choice, texts.BACK_CHOICE)
