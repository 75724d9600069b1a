"""What an import of stations and services goes by besides its rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from knowledge.content import Content
from knowledge.visit_services import VisitService
from services.booking_rules import BookingRules


@dataclass(frozen=True, slots=True)
class Basis:
    """What is known besides the database, at one moment."""

    shipped: Mapping[str, VisitService]
    """Services that need only be named to be there."""
    entries: Collection[str]
    """Slugs of the knowledge base."""
    rules: BookingRules
    now: datetime


def basis_of(content: Content, rules: BookingRules, now: datetime) -> Basis:
    """Return what the knowledge in use gives an import."""
    return Basis(content.visit_services, content.entries.keys(), rules, now)
