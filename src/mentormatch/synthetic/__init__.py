"""Synthetic workforces: large, realistic organisations for tests, examples and benchmarks.

Nobody in them exists. The same seed gives the same people on every machine.

Examples
--------
>>> from mentormatch.synthetic import workforce
>>> workforce(200, seed=7)
Cohort(200 people, 200 skills)
"""

from mentormatch.synthetic.population import workforce

__all__ = ["workforce"]
