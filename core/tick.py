"""What a piece of work that the clock starts gives back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pass:
    """One batch of it: how many things were done, and the addresses whose screens have something new."""

    done: int
    told: tuple[int, ...] = ()
