"""Passwords are kept as argon2id, and an unknown login takes as long as a known one."""

from time import perf_counter

import pytest

from core.errors import Refusal
from services.passwords import check_strength, hash_password, verify_password


def test_only_the_password_is_right() -> None:
    stored = hash_password("correct horse 9")
    assert stored.startswith("$argon2id$")
    assert stored != hash_password("correct horse 9")
    assert verify_password("correct horse 9", stored)
    assert not verify_password("correct horse 8", stored)


def test_nobody_has_no_password_and_takes_as_long() -> None:
    stored = hash_password("correct horse 9")

    def spent(known: str | None) -> float:
        before = perf_counter()
        assert not verify_password("wrong", known)
        return perf_counter() - before

    least_known, least_unknown = (min(spent(known) for _ in range(5)) for known in (stored, None))
    assert 0.3 < least_unknown / least_known < 3
    assert not verify_password("nobody's password", None)


@pytest.mark.parametrize(
    "password", ["", "short", "123456789", "aaaaaaaaaaaa", "zhangsan-wang", "Zhangsan-Wang1", "x" * 120 + "y" * 120]
)
def test_weak_passwords(password: str) -> None:
    with pytest.raises(Refusal):
        check_strength(password, "zhangsan-wang")


@pytest.mark.parametrize("password", ["correct horse 9", "我家门前有两棵枣树", "zhangsan-wang 1986 春天"])
def test_good_ones(password: str) -> None:
    check_strength(password + ("，真的" if len(password) < 10 else ""), "zhangsan-wang")
