"""What a program wants, as data."""

from mentormatch.program.formats import Buddies, Format, Pairs, Rings, Sides
from mentormatch.program.program import Program

__all__ = ["Buddies", "Format", "Pairs", "Program", "Rings", "Sides"]
