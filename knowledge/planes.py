"""Tell documents apart by their vectors as a whole: Fisher's linear discriminant with one shared spread."""

import numpy as np
from numpy.typing import NDArray

_SHRINKAGE = 0.3
"""Share of the mean variance added to every direction, because a document has only some thirty phrasings."""
_TENTH = np.float32(0.1)


class Planes:
    """One plane for each document, which its phrasings lie above and others below."""

    def __init__(self, vectors: NDArray[np.float32], owner: NDArray[np.int32]) -> None:
        sizes = np.bincount(owner)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        means = np.add.reduceat(vectors, starts, axis=0) / sizes[:, None].astype(np.float32)
        within = vectors - means[owner]
        spread = within.T @ within / len(within)
        spread += np.eye(len(spread), dtype=np.float32) * (np.trace(spread) / len(spread) * _SHRINKAGE)
        self._normals = np.linalg.solve(spread, means.T).T.astype(np.float32)
        self._offsets = (self._normals * means).sum(axis=1) / 2

    def scores(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a score for each document, 0 for the likeliest and below for the others, in tens of nats."""
        raw = self._normals @ vector - self._offsets
        scores: NDArray[np.float32] = (raw - raw.max()) * _TENTH
        return scores
