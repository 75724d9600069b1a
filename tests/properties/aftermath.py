"""After anything has happened: everything is repeated late, and every message gets its final state."""

from sqlalchemy import select

from db.turns import Outbox
from services import browser_rows
from tests.properties.office import Office


async def repeat_everything(office: Office) -> None:
    """Repeat every update and every key of staff once more, late, as a channel with a bad memory does."""
    for record in office.heard.values():
        taken = await office.intake.receive(record.inbound)
        assert taken.repeated
    for amendment in [a for some in office.edits.values() for a in some]:
        await office.intake.amend(amendment)
    for key, answer in office.answers.items():
        assert await office.write(key, answer, "group" if key.startswith("group") else "words") == []
    for token in office.notes:
        await office.keep(token)


async def drain(office: Office) -> None:
    """Deliver until everything has a final state; the browser takes its own, and the platform's pauses end."""
    moods = office.channels["telegram"].moods
    moods.update({who: "" for who, mood in moods.items() if mood == "pause"})
    while True:
        async with office.database.snapshot() as db:
            ready = list(await db.scalars(select(Outbox).where(Outbox.status == "ready")))
        if not ready:
            return
        office.clock.advance(400)
        await office.deliverer.deliver_once()
        async with office.database.transaction() as db:
            for row in ready:
                if row.channel == "web":
                    assert row.address_id is not None
                    await browser_rows.acknowledge(db, row.address_id, [row.id])
