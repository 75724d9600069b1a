"""Keep passwords as argon2id hashes. Slow by intent: call these in a thread, outside of any transaction."""

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from core.errors import Refusal

_SHORTEST, _LONGEST = 10, 200
_HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)  # OWASP's first choice for argon2id
_NOBODY = _HASHER.hash("nobody's password")


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _HASHER.hash(password)


def verify_password(password: str, stored: str | None) -> bool:
    """Tell whether a password is right; without a stored one it takes the same time, and is not."""
    try:
        _HASHER.verify(stored or _NOBODY, password)
    except VerificationError:
        return False
    return stored is not None


def check_strength(password: str, login: str) -> None:
    """Refuse a password that is guessed first.

    Raises:
        Refusal: too short, too long, the login, or one character over and over.
    """
    if len(password) < _SHORTEST:
        raise Refusal(f"密码太短了，至少要 {_SHORTEST} 个字符。")
    if len(password) > _LONGEST:
        raise Refusal(f"密码太长了，最多 {_LONGEST} 个字符。")
    if login and login.casefold() in password.casefold() and len(password) < len(login) + 4:
        raise Refusal("密码不能和登录名一样，也不能只在登录名后面加几个字。")
    if len(set(password)) == 1:
        raise Refusal("密码不能全是同一个字符。")
