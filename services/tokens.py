"""A token lets its holder in; only its hash is stored, so that whoever reads the database cannot use it."""

import secrets
from hashlib import sha256

_BYTES = 32


def new_token() -> str:
    """Return a token that cannot be guessed and may stand in an address."""
    return secrets.token_urlsafe(_BYTES)


def hashed(token: str) -> str:
    """Return what is stored of a token; it is long and random, so one plain round is enough."""
    return sha256(token.encode()).hexdigest()
