"""Who has just come, as the page at the door shows it: the latest first, masked, and nobody of another event."""

from datetime import timedelta

from db.engine import Database
from db.events import EventSignUp
from services import event_arrivals
from services.event_arrivals import Arrival
from tests.fakes.examroom import add_boss, add_person
from tests.fakes.sealed import VAULT
from tests.storage.test_work_figures import SPRING, add_event


async def test_the_latest_first_and_masked(database: Database) -> None:
    async with database.transaction() as db:
        event, other, boss = await add_event(db), await add_event(db), await add_boss(db)
        person = await add_person(db, "欧阳建国")
        for number, (where, name, person_id, minutes) in enumerate(
            [(event, "周海涛", None, 3), (event, None, person.id, 9), (event, None, None, 5), (event, "没到", None, None),
             (other, "别处的", None, 7)]
        ):  # fmt: skip
            db.add(EventSignUp(
                event_id=where.id, name=VAULT.encrypt(name) if name else None, person_id=person_id, code=f"ZP-A00{number}",
                made_by="本人", status="active", created_at=SPRING,
                attended_at=None if minutes is None else SPRING + timedelta(minutes=minutes),
            ))  # fmt: skip
        event_id = event.id
    async with database.snapshot() as db:
        found = [await event_arrivals.last(db, VAULT, boss, event_id, limit) for limit in (9, 1)]
    assert found[0] == [
        Arrival("ZP-A001", "欧阳**", SPRING + timedelta(minutes=9)), Arrival("ZP-A002", "", SPRING + timedelta(minutes=5)),
        Arrival("ZP-A000", "周**", SPRING + timedelta(minutes=3)),
    ]  # fmt: skip
    assert found[1] == found[0][:1]
