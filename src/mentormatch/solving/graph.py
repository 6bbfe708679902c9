"""From a program to its exchange graph."""

from mentormatch.exchange.graph import ExchangeGraph, exchange_graph
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.solving.divided import divided
from mentormatch.solving.rules import preferred_of, required_pairs, rule_tests
from mentormatch.solving.task import Task

__all__ = ["build_graph", "graph_of"]


def build_graph(people: Cohort, program: Program) -> ExchangeGraph:
    """Build the exchange graph: every pair the program allows, with its score.

    Parameters
    ----------
    people
        The cohort.
    program
        Sides, score and rules; the objective plays no part.

    Returns
    -------
    ExchangeGraph
        Frozen arrays of edges, and for each rule how many pairs it removed.

    Raises
    ------
    ProgramError, InfeasibleError, ProfileErrors
        When the program does not fit these people; every complaint of a kind at once.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...     ]
    ... )
    >>> graph = mm.build_graph(
    ...     people, mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    ... )
    >>> list(graph.to_networkx().edges(data="score"))
    [('ana', 'bo', 1.0)]
    """
    return graph_of(Task(people, program, divided(people, program)))


def graph_of(task: Task, most: int | None = None) -> ExchangeGraph:
    """Build the exchange graph of people already divided into sides, of so many pairs at most."""
    people, program, sides = task.people, task.program, task.sides
    tests = rule_tests(people, program.rules, sides)
    required = required_pairs(people, program.rules, tests, sides)
    preferred = preferred_of(people, program.preferences, sides.taking_part)
    named = sides.a, sides.b, sides.names
    scored = program.score, tests, required
    kept = sides.layout, preferred, most
    return exchange_graph(people, *named, *scored, task.progress, task.threads, *kept)
