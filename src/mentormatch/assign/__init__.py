"""The assignment engine alone: numbers in, a proven best matching out.

It knows no people, so it serves any two sides with scores between them:

>>> import numpy as np
>>> from mentormatch.assign import solve_assignment
>>> solution = solve_assignment(np.array([[10.0, 9.0], [9.0, 1.0]]))
>>> solution
Solution(score: 2 pairs worth 18, optimal)
>>> list(zip(solution.rows.tolist(), solution.cols.tolist()))
[(0, 1), (1, 0)]

The prices that come with an answer prove it, to a check that shares no code with the solver:

>>> from mentormatch.assign import Problem, check
>>> problem = Problem.from_scores([[10.0, 9.0], [9.0, 1.0]])
>>> pairs, prices = (solution.rows, solution.cols), (solution.row_prices, solution.col_prices)
>>> check(problem, *pairs, *prices, objective=solution.objective).ok
True
"""

from mentormatch.assign.capacities import Capacities, LoadPrices, Spread, SpreadPrices
from mentormatch.assign.certificate import Checked, check
from mentormatch.assign.floor_proof import Floor
from mentormatch.assign.problem import Objective, Problem, Solution, Status
from mentormatch.assign.shortage import ShortageError
from mentormatch.assign.solve import solve_assignment

__all__ = [
    "Capacities",
    "Checked",
    "Floor",
    "LoadPrices",
    "Objective",
    "Problem",
    "ShortageError",
    "Solution",
    "Spread",
    "SpreadPrices",
    "Status",
    "check",
    "solve_assignment",
]
