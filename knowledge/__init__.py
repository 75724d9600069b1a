"""What is known and how a question is understood: pure, without database or network."""

import os

# Read once, when numpy and the model load: threads that wait for each other by spinning slow a small machine down.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
