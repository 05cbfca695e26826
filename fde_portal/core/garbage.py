"""The search for garbage passes over what a process keeps for good."""

import gc

# New objects before a search. A delivery of 10,000 rows makes some 60,000, and none of them is garbage yet.
BETWEEN_SEARCHES = 50_000


def settle() -> None:
    """Count all that is loaded as kept. Call it once, when the process has started.

    Otherwise every other large request looks through the whole program, about 180,000 objects in 100 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(BETWEEN_SEARCHES)
