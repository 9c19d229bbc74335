"""
In how many bodies stems stand, remembered: counting a common one anew costs an engine much.
"""

from __future__ import annotations

from typing import Final

#: Growth of an index after which frequencies are counted anew.
_DRIFT: Final = 0.02


class Frequencies:
    """What was counted, kept while the index is about the same."""

    def __init__(self) -> None:
        self._generation, self._size = 0, 0
        self._known: dict[str, int] = {}

    def of(self, generation: int, size: int) -> dict[str, int]:
        """What is known of a generation of `size` documents, near enough; to be added to."""
        if generation != self._generation or abs(size - self._size) > _DRIFT * self._size:
            self._generation, self._size, self._known = generation, size, {}
        return self._known
