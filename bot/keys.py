"""Keys of the data folder: made at the first start, the same for every process, readable by the owner only."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

_BYTES = 32


def read_key(folder: Path, name: str) -> bytes:
    """Return a key, made if new.

    It gets its name when it is whole: of several processes that start together, all read the key of the first.
    """
    path = folder / name
    if not path.exists():
        with NamedTemporaryFile(dir=folder, prefix=f".{path.stem}.") as whole:  # mode 600
            whole.write(secrets.token_bytes(_BYTES))
            whole.flush()
            os.fsync(whole.fileno())
            with suppress(FileExistsError):
                path.hardlink_to(whole.name)
    return path.read_bytes()
