"""Whoever is asked about falls into exactly one class, whatever their accounts are like."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.engine import Database
from db.people import Address, Person
from db.places import Grid, Township, Village
from services import reach
from tests.fakes.clock import SettableClock
from tests.fakes.population import Account, Soul, add_account, add_soul
from tests.fakes.sealed import VAULT

CHANNELS = ("telegram", "web", "phone", "terminal", "staff")
accounts = st.builds(
    Account, st.sampled_from(CHANNELS), st.booleans(), st.frozensets(st.sampled_from(["news", "exam"]), max_size=2)
)
souls = st.builds(Soul, st.lists(accounts, max_size=4), st.booleans(), st.booleans())
RATES = {"telegram": 2.0}


def _expected(soul: Soul) -> str:
    """Say it once more in plain Python."""
    usable = [a for a in soul.accounts if a.channel in ("telegram", "web")]
    open_ = [a for a in usable if a.reachable]
    if soul.deceased or soul.erased:
        return "deceased" if soul.deceased else "erased"
    if not open_:
        return "blocked" if usable else "never"
    if any("news" in a.stops for a in usable):
        return "stopped"
    return "now" if any(a.channel == "telegram" for a in open_) else "first"


class _Undo(Exception):
    """Take a population away again."""


@settings(
    max_examples=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(souls, max_size=8), st.lists(accounts, max_size=4))
async def test_the_classes_partition_any_population(
    database: Database, clock: SettableClock, people: list[Soul], strangers: list[Account]
) -> None:
    try:
        async with database.transaction() as db:
            ids = [await add_soul(db, soul, clock()) for soul in people]
            unknown = [await add_account(db, account, clock()) for account in strangers]
            fates = dict(iter(await db.execute(select(Person.id, reach.fate("news")))))
            assert [fates[id_] for id_ in ids] == [_expected(soul) for soul in people]
            chosen = select(Person.id).where(Person.id.in_(ids))
            of_nobody = select(Address.id).where(Address.id.in_(unknown))
            together = await db.execute(reach.fated(chosen, "news", (min(ids), max(ids)) if ids else None))
            best = dict(iter(await db.execute(select(Person.id, reach.best_address()))))
            assert {row[0]: (row.address_id, row.fate) for row in together} == {
                id_: (best[id_], fates[id_]) for id_ in ids
            }
            plan = await reach.plan(db, chosen, "news", RATES, of_nobody)
            assert plan.total == sum(plan.counts.values()) == len(people) + len(strangers)
            assert plan.of(*reach.FATES) == plan.total
            assert plan.seconds == plan.counts.get(("telegram", "now"), 0) / 2
            listed = await reach.remainder(db, VAULT, chosen, "news")
            assert sorted(row.person_id for row in listed) == [
                id_ for id_, soul in zip(ids, people, strict=True) if _expected(soul) in reach.UNREACHED
            ]
            assert all(row.why == fates[row.person_id] for row in listed)
            raise _Undo
    except _Undo:
        pass


async def test_the_best_account_can_be_written_to_and_is_written_to_first(
    database: Database, clock: SettableClock
) -> None:
    web, telegram = Account("web"), Account("telegram")
    cases = [
        ([web, telegram], 1), ([telegram, web], 0), ([Account("telegram", reachable=False), web], 1),
        ([Account("web", reachable=False), Account("telegram", reachable=False)], 1), ([telegram, telegram], 0),
        ([Account("phone"), web], 1), ([Account("phone"), Account("staff"), Account("terminal")], None), ([], None),
    ]  # fmt: skip
    async with database.transaction() as db:
        for soul, best in cases:
            person_id = await add_soul(db, Soul(soul), clock())
            ids = (
                await db.scalars(select(Address.id).where(Address.person_id == person_id).order_by(Address.id))
            ).all()
            found = await db.scalar(select(reach.best_address()).select_from(Person).where(Person.id == person_id))
            assert found == (None if best is None else ids[best])


async def test_the_remainder_is_a_list_by_village_to_telephone_or_visit(
    database: Database, clock: SettableClock
) -> None:
    async with database.transaction() as db:
        town = Township(name="城关镇")
        db.add(town)
        await db.flush()
        villages = [Village(township_id=town.id, name=name) for name in ("二村", "一村")]
        db.add_all(villages)
        await db.flush()
        grid = Grid(village_id=villages[0].id, name="1网格", worker_name="赵网格", worker_phone="13800000009")
        db.add(grid)
        await db.flush()
        for name, phone, village in (("王一", "13800000001", 0), ("李二", None, 1), ("孙三", None, None)):
            person = Person(
                categories=[], created_at=clock(), name=VAULT.encrypt(name), phone=VAULT.encrypt(phone) if phone else None,
                village_id=None if village is None else villages[village].id, region="城关镇 别处",
                grid_id=grid.id if village == 0 else None,
            )  # fmt: skip
            db.add(person)
    async with database.snapshot() as db:
        rows = await reach.remainder(db, VAULT, select(Person.id), "news")
    assert {(r.name, r.phone, r.township, r.village, r.grid, r.worker, r.worker_phone, r.why) for r in rows} == {
        ("王一", "13800000001", "城关镇", "二村", "1网格", "赵网格", "13800000009", "never"),
        ("李二", "", "城关镇", "一村", "", "", "", "never"),
        ("孙三", "", "", "城关镇 别处", "", "", "", "never"),
    }
    assert rows[-1].name == "孙三"
