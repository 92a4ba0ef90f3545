"""Makes a process ready to copy workers from, by being imported there and only there.

All that the process can be told is what it is to import (`analysis.forkserver`).
"""

import analysis.worker  # noqa: F401 - what the workers need
from simulator.stream import load_compiled

load_compiled()
