"""Which proof goes with which answer."""

from mentormatch.assign.pool_problem import PoolSolution
from mentormatch.assign.ring_problem import RingSolution
from mentormatch.matching.certificate import Certificate
from mentormatch.matching.pool_proof import PoolCertificate
from mentormatch.matching.ring_proof import RingCertificate
from mentormatch.matching.sides_proof import SidesCertificate
from mentormatch.solving.solved import Solved

__all__ = ["certificate_of"]


def certificate_of(solved: Solved) -> Certificate:
    """Return the certificate of a solved program, by id.

    Parameters
    ----------
    solved
        What the solver found, by position.
    """
    solution = solved.solution
    if isinstance(solution, PoolSolution):
        return PoolCertificate.of(solved, solution)
    if isinstance(solution, RingSolution):
        return RingCertificate.of(solved, solution)
    return SidesCertificate.of(solved, solution)
