"""What people are told unasked about who may speak for them: an account bound, a proxy begun or ended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.reply import Choice
from core.tick import Pass
from db.people import Address, Person
from db.proxies import BindingRequest, Proxy
from handlers import open_reminders
from services import notices, proxies, reach
from services.notices import Notice
from services.person_cards import called
from services.vault import Vault

KIND = "account"
_AT_ONCE = 100

BOUND = "核对好了，{whom}，您的账号已经绑定。\n以后认证、体检的提醒会发到这里。不是您本人的话，请回复 0。"
NOT_BOUND = "您申请的绑定，工作人员没有核对上。\n请带身份证到服务站，打一张绑定码；也可以回复 0 问一问。"
ALSO_BOUND = "您的档案新绑定了一个账号。不是您自己或家人办的，请回复 0 告诉我们。"
BEGUN = "您的{relation}从现在起可以替您办事，到{until}为止。\n不是您同意的，请回复：停止代办。"
ENDED_ELDER = "{relation}替您代办已经停了。要重新办，请回复：亲属代办。"
ENDED_PROXY = "您替{whom}代办已经停了，以后不再发{whom}的提醒给您。"
DAY = "{0.year}年{0.month}月{0.day}日"


async def tell_decided(db: AsyncSession, vault: Vault, request: BindingRequest, now: datetime) -> None:
    """Tell whoever asked what staff decided, and, where an account was bound, the person's other accounts."""
    address, key = await db.get_one(Address, request.address_id), f"bind:{request.id}"
    if request.status != "accepted" or request.person_id is None:
        await _tell(db, address, NOT_BOUND, key, now)
        return
    text = BOUND.format(whom=called(vault, await db.get(Person, request.person_id)))
    waits, choices = await open_reminders.on_knowing(db, vault, address.id, request.person_id, now)
    await _tell(db, address, text + waits, key, now, choices)
    await tell_others(db, request.person_id, address.id, now)


async def tell_others(db: AsyncSession, person_id: int, address_id: int, now: datetime) -> None:
    """Tell a person's other accounts that one was bound."""
    others = select(Address).where(
        Address.person_id == person_id, Address.id != address_id, Address.channel.in_(reach.CHANNELS)
    )
    for address in (await db.scalars(others)).all():
        await _tell(db, address, ALSO_BOUND, f"bound:{address_id}:{now.isoformat()}:{address.id}", now)


async def tell_begun(db: AsyncSession, proxy: Proxy, now: datetime) -> None:
    """Tell the elder who acts from now on."""
    text = BEGUN.format(relation=proxy.relation, until=DAY.format(proxy.ends_on))
    await _tell_person(db, proxy.person_id, text, f"proxy-on:{proxy.id}", now)


async def tell_ended(
    db: AsyncSession, vault: Vault, proxy: Proxy, now: datetime, *, not_address: int | None = None
) -> None:
    """Tell both sides that it is over, but not the account that ended it."""
    if not proxy.relation or proxy.address_id is None:
        return
    elder = ENDED_ELDER.format(relation=proxy.relation)
    await _tell_person(db, proxy.person_id, elder, f"proxy-off:{proxy.id}", now, not_address=not_address)
    if proxy.address_id != not_address:
        whom = called(vault, await db.get(Person, proxy.person_id)) or "家人"
        address = await db.get_one(Address, proxy.address_id)
        await _tell(db, address, ENDED_PROXY.format(whom=whom), f"proxy-off:{proxy.id}:holder", now)


async def end_run_out(db: AsyncSession, vault: Vault, now: datetime) -> Pass:
    """End the proxies whose last day is over, and tell."""
    over = await proxies.end_run_out(db, now, _AT_ONCE)
    for proxy in over:
        await tell_ended(db, vault, proxy, now)
    return Pass(len(over))


async def _tell_person(
    db: AsyncSession, person_id: int, text: str, key: str, now: datetime, *, not_address: int | None = None
) -> None:
    best = select(reach.best_address()).where(Person.id == person_id).scalar_subquery()
    address = await db.scalar(select(Address).where(Address.id == best))
    if address is not None and address.id != not_address:
        await _tell(db, address, text, key, now)


async def _tell(
    db: AsyncSession, address: Address, text: str, key: str, now: datetime, choices: tuple[Choice, ...] = ()
) -> None:
    await notices.post(db, [Notice(KIND, address.channel, address.external_id, address.id, text, key, choices)], now)
