"""How people can meet, in one word."""

from typing import Literal

__all__ = ["Layout"]

#: Across two sides, anybody with anybody in one pool, or by arrows from a teacher to a learner.
Layout = Literal["sides", "pool", "arrows"]
