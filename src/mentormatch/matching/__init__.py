"""The answer: the matching, its proof and its record."""
