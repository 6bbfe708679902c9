"""How people can meet, in one word."""

from typing import Literal

__all__ = ["Layout"]

#: Across two sides, or anybody with anybody in one pool.
Layout = Literal["sides", "pool"]
