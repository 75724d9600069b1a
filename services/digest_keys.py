"""The names of digests in the outbox: whose they are, and which subscriptions had a part in one."""

from collections.abc import Iterable
from uuid import uuid4

PREFIX = "jobs:"


def make(address_id: int, subscriptions: Iterable[int]) -> str:
    """Return a name that no other digest has: that nobody hears twice is the ledger's matter, not the name's."""
    return f"{PREFIX}{address_id}:{'+'.join(map(str, sorted(subscriptions)))}:{uuid4().hex[:12]}"


def parts(key: str) -> set[int]:
    """Return the subscriptions that had a part in a digest."""
    return {int(number) for number in key.split(":")[2].split("+") if number}
