"""Whom a row of a table means: by the mark of the ID number, else by name, its last four signs and village."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Person

OTHER_NAME = "这个身份证号在档案里是另一个姓名，请核对"
SEVERAL = "有几份档案都对得上，请填完整的身份证号，或先合并档案"
DECEASED = "档案里登记已去世，请核对"
_AT_ONCE = 400
_MARKS = (
    "id", "name_key", "phone_key", "id_key", "id_tail_key", "village_id", "grid_id", "station_id", "birth_year",
    "categories", "region", "deceased_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """The marks of one row's person."""

    name_key: str
    id_key: str | None
    tail_key: str
    village_id: int | None
    phone_key: str | None

    @property
    def near(self) -> tuple[object, ...]:
        """Return what two rows about one person have in common, whether they give the whole number or not."""
        return self.name_key, self.tail_key, self.village_id


class People:
    """Those on file who may be meant by some rows."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._by_id: dict[str, list[Mapping[str, Any]]] = {}
        self._by_name: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            self._by_id.setdefault(row["id_key"], []).append(row)
            self._by_name.setdefault(row["name_key"], []).append(row)

    def find(self, who: Identity) -> tuple[Mapping[str, Any] | None, str | None]:
        """Return the person a row means, None for somebody new; or else what stands against saying so."""
        found = self._by_id.get(who.id_key, []) if who.id_key else []
        if any(one["name_key"] not in (None, who.name_key) for one in found):
            return None, OTHER_NAME
        found = found or [one for one in self._by_name.get(who.name_key, ()) if _same(one, who)]
        if len(found) > 1:
            return None, SEVERAL
        if found and found[0]["deceased_at"] is not None:
            return None, DECEASED
        return (found[0], None) if found else (None, None)


def _same(one: Mapping[str, Any], who: Identity) -> bool:
    """Tell whether somebody of that name is meant, where no ID number says so."""
    if None not in (one["id_key"], who.id_key):
        return False
    if one["id_tail_key"] is None:  # on file since they wrote to us
        return who.phone_key is not None and one["phone_key"] == who.phone_key
    near = who.village_id is None or one["village_id"] in (None, who.village_id)
    return bool(one["id_tail_key"] == who.tail_key and near)


async def read_people(db: AsyncSession, whom: Sequence[Identity]) -> People:
    """Read who may be meant, in a statement for some hundreds."""
    found: dict[int, Mapping[str, Any]] = {}
    columns = [getattr(Person, name) for name in _MARKS]
    for start in range(0, len(whom), _AT_ONCE):
        some = whom[start : start + _AT_ONCE]
        ids, names = {one.id_key for one in some if one.id_key}, {one.name_key for one in some}
        rows = await db.execute(
            select(*columns).where(or_(Person.id_key.in_(ids), Person.name_key.in_(names)), Person.erased_at.is_(None))
        )
        found |= {row["id"]: dict(row) for row in rows.mappings()}
    return People(found.values())
