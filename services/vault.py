"""What identifies a person is unreadable without the key of the data folder, even to whoever has the database."""

import base64
import hmac
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken


class BrokenSealError(ValueError):
    """A text was not encrypted with this key, or was altered."""


class Vault:
    """Encrypts, decrypts and fingerprints with one 32-byte key."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(key, b"encrypt")))
        self._mark = _derived(key, b"fingerprint")

    def encrypt(self, text: str) -> str:
        """Return the text sealed; twice the same text gives two different seals."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, sealed: str) -> str:
        """Return what was sealed.

        Raises:
            BrokenSealError: the key is another one, or the seal was altered.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except (InvalidToken, UnicodeError) as error:
            raise BrokenSealError from error

    def fingerprint(self, text: str) -> str:
        """Return a mark that is the same for the same text, by which an encrypted value can be found again."""
        return hmac.new(self._mark, text.encode(), sha256).hexdigest()


def _derived(key: bytes, purpose: bytes) -> bytes:
    """Return a key of its own for each purpose."""
    return hmac.new(key, purpose, sha256).digest()
