"""Whom a broadcast is for: what was ticked on the form, and the people and accounts that it means on a given day."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, false, or_, select

from core.errors import Refusal
from db.broadcasts import BroadcastRecipient
from db.people import Address, Person
from db.places import Station, Township, Village
from services import broadcast_outcome, reach
from services.person_cards import CATEGORIES

KIND = "news"
"""The kind of notice that every broadcast is."""
_OLDEST = 130
BAD_AGE = "年龄请填 0 到 130 的整数，从小到大。"
NOBODY = "请至少选一种人：有档案的，或没有建档的账号。"


@dataclass(frozen=True, slots=True)
class Audience:
    """The choice; an empty part of it narrows nothing."""

    on_file: bool = True
    strangers: bool = False
    """Accounts that belong to no record; only the choice of 退订 can narrow these."""
    townships: tuple[int, ...] = ()
    stations: tuple[int, ...] = ()
    """With those below them."""
    categories: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    subscribed: bool = False
    """Leave out who does not want announcements; else they are on the list, and counted as such."""
    failed_of: int | None = None
    """Only whom this broadcast was to reach and could not be delivered to."""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Return what was stored as JSON."""
        known: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in stored.items()}
        return cls(**known)

    def stored(self) -> dict[str, Any]:
        """Return what is kept as JSON."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def check(self) -> None:
        """Refuse what makes no sense.

        Raises:
            Refusal: nobody, or ages that are none.
        """
        if not (self.on_file or self.strangers):
            raise Refusal(NOBODY)
        ages = [age for age in (self.age_from, self.age_to) if age is not None]
        if ages != sorted(ages) or any(not 0 <= age <= _OLDEST for age in ages):
            raise Refusal(BAD_AGE)

    def people(self, today: date) -> Select[int]:
        """Return the ids of the people meant; whose year of birth is not known has no age."""
        if not self.on_file:
            return select(Person.id).where(false())
        return select(Person.id).where(*self._places(), *self._kinds(today), *self._states())

    def accounts(self) -> Select[int]:
        """Return the ids of the accounts meant that belong to no record."""
        found = select(Address.id).where(Address.person_id.is_(None), Address.channel.in_(reach.CHANNELS))
        if not self.strangers:
            return found.where(false())
        if self.failed_of is not None:
            failed = broadcast_outcome.failed(self.failed_of).with_only_columns(BroadcastRecipient.address_id)
            found = found.where(Address.id.in_(failed))
        return found.where(~reach.stopped(KIND)) if self.subscribed else found

    def _places(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.townships:
            villages = select(Village.id).where(Village.township_id.in_(self.townships))
            written = exists().where(Township.id.in_(self.townships), Person.region.startswith(Township.name))
            conditions.append(or_(Person.village_id.in_(villages), and_(Person.village_id.is_(None), written)))
        if self.stations:
            tree = select(Station.id).where(Station.id.in_(self.stations)).cte(recursive=True)
            tree = tree.union(select(Station.id).where(Station.parent_id == tree.c.id))
            conditions.append(Person.station_id.in_(select(tree.c.id)))
        return conditions

    def _kinds(self, today: date) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.categories:
            stored = cast(Person.categories, String)  # as JSON is written in the column on both databases
            wanted = [json.dumps(name) for name in self.categories if name in CATEGORIES]
            conditions.append(or_(false(), *(stored.contains(name, autoescape=True) for name in wanted)))
        if self.age_from is not None:
            conditions.append(Person.birth_year <= today.year - self.age_from)
        if self.age_to is not None:
            conditions.append(Person.birth_year >= today.year - self.age_to)
        return conditions

    def _states(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.subscribed:
            conditions.append(reach.fate(KIND) != "stopped")
        if self.failed_of is not None:
            failed = broadcast_outcome.failed(self.failed_of).with_only_columns(BroadcastRecipient.person_id)
            conditions.append(Person.id.in_(failed))
        return conditions
