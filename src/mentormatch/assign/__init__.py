"""The assignment engine alone: numbers in, a proven best matching out.

It knows no people, so it serves any two sides with scores between them:

>>> import numpy as np
>>> from mentormatch.assign import solve_assignment
>>> solution = solve_assignment(np.array([[10.0, 9.0], [9.0, 1.0]]))
>>> solution
Solution(score: 2 pairs worth 18, optimal)
>>> list(zip(solution.rows.tolist(), solution.cols.tolist()))
[(0, 1), (1, 0)]
"""

from mentormatch.assign.problem import Objective, Solution, Status
from mentormatch.assign.solve import solve_assignment

__all__ = ["Objective", "Solution", "Status", "solve_assignment"]
