"""The key that tests seal with."""

from services.vault import Vault

VAULT = Vault(b"k" * 32)
