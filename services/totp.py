"""The second factor: six digits from an authenticator app (RFC 6238)."""

from datetime import datetime, timedelta

import pyotp

_STEP = 30
_DRIFT = (0, -1, 1)
"""Steps of difference allowed between the phone's clock and ours."""


def new_secret() -> str:
    """Return a secret for an app to hold."""
    return pyotp.random_base32()


def address(secret: str, login: str, issuer: str) -> str:
    """Return the otpauth address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the 30-second step a code is of, None when it is wrong."""
    digits = code.replace(" ", "")
    generator = pyotp.TOTP(secret)
    for drift in _DRIFT:
        moment = now + timedelta(seconds=drift * _STEP)
        if pyotp.utils.strings_equal(digits, generator.at(moment)):
            return int(moment.timestamp()) // _STEP
    return None
