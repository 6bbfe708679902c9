"""What can be asked of an answer beside who is paired with whom: what if, and how firm it is."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Self

from mentormatch.exchange.rules import Require, Rule
from mentormatch.matching.answer import Unmatched
from mentormatch.matching.certificate import Certificate
from mentormatch.matching.firmness import Firmness, firm_pairs, firmness
from mentormatch.matching.insight import Insight
from mentormatch.matching.skill_values import SkillValue, skill_values
from mentormatch.matching.what_if import RulePrice, WhatIf, compared, without_rule
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.program.program import with_rules
from mentormatch.solving.solve import solve
from mentormatch.solving.solved import Solved

__all__ = ["Questions"]


class Questions:
    """Answers what would be different, and how firm pairs are; see `Matching`."""

    if TYPE_CHECKING:  # the matching's own
        certificate: Certificate
        unmatched: tuple[Unmatched, ...]

        @classmethod
        def _of(cls, solved: Solved) -> Self: ...

        def _attached(self) -> Solved: ...

    def without(self, person: str) -> WhatIf[Self]:
        """Return what would be if somebody took no part.

        Everything else stays as it is: they are still the manager of whoever reports to them.

        Parameters
        ----------
        person
            Their id.

        Returns
        -------
        WhatIf
            The best matching without them, and how it differs from this one.

        Raises
        ------
        ProgramError
            When nobody has this id, they take no part, the answer was stopped before it was proven
            best, or the program does not fit those who are left. Rings of a bounded length are
            compared even if they are not proven best; `WhatIf.is_exact` says so.
        InfeasibleError
            When the program requires pairs of theirs.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...         {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading; R"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> what = mm.match(people, program).without("bo")
        >>> what
        WhatIf(people=+0, score=-0.3333, 1 pairs end, 1 begin)
        >>> what.gained, what.lost, what.matching.pairs[0].b
        (('cy',), ('bo',), 'cy')
        >>> print(what.text())
        The total would be 0.33 lower. cy would have a partner. bo would have none any more. These \
pairs would end: ana and bo (1.00). These pairs would begin: ana and cy (0.67).
        """
        row = self._insight.row(person)
        people = self._insight.people.without_capacity(row)
        return self._what_if(people, self._attached().program)

    def with_pair(self, a: str, b: str) -> WhatIf[Self]:
        """Return what would be if two people had to be a pair.

        Parameters
        ----------
        a, b
            Their ids, in either order; in rings, the first has to teach the second.

        Returns
        -------
        WhatIf
            The best matching with the pair, and how it differs from this one.

        Raises
        ------
        ProgramError, InfeasibleError
            As `match`, for a program that requires the pair, and as `without`.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...         {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading; R"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> mm.match(people, program).with_pair("cy", "ana").ended
        (PairChange(a='ana', b='bo', score=1.0),)
        """
        return self.with_rule(Require([(a, b)]))

    def with_rule(self, rule: Rule) -> WhatIf[Self]:
        """Return what would be if the program had one more rule.

        Parameters
        ----------
        rule
            The rule.

        Returns
        -------
        WhatIf
            The best matching under it, and how it differs from this one.

        Raises
        ------
        ProgramError, InfeasibleError, ProfileErrors
            As `match`, for the program with the rule, and as `without`.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "team": "x", "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "team": "x", "teaches": "sql", "wants": "leading"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> mm.match(people, program).with_rule(mm.Different("team")).lost
        ('ana', 'bo')
        """
        solved = self._attached()
        return self._what_if(
            solved.graph.people, with_rules(solved.program, (*solved.program.rules, rule))
        )

    def without_rule(self, rule: Rule | str) -> WhatIf[Self]:
        """Return what would be if the program had one rule fewer.

        Parameters
        ----------
        rule
            The rule, or what it is called in texts: ``"different department"``.

        Returns
        -------
        WhatIf
            The best matching without it, and how it differs from this one.

        Raises
        ------
        ProgramError
            When the program has no such rule, and as `without`.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "team": "x", "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "team": "x", "teaches": "sql", "wants": "leading"},
        ...     ]
        ... )
        >>> sides = mm.Sides(by="rank", at_least=5)
        >>> program = mm.Program(format=mm.Pairs(sides=sides), rules=[mm.Different("team")])
        >>> mm.match(people, program).without_rule("different team").gained
        ('ana', 'bo')
        """
        solved = self._attached()
        return self._what_if(solved.graph.people, without_rule(solved.program, rule))

    def rule_prices(self) -> tuple[RulePrice, ...]:
        """Return what each rule of the program costs, in people and score.

        The program is solved once more for each rule. Prices do not add up: of two rules that
        forbid the same pairs, either may cost nothing.

        Returns
        -------
        tuple of RulePrice
            In the order of the rules.

        Raises
        ------
        ProgramError
            As `without`.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "team": "x", "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "team": "x", "teaches": "sql", "wants": "leading"},
        ...     ]
        ... )
        >>> sides = mm.Sides(by="rank", at_least=5)
        >>> program = mm.Program(format=mm.Pairs(sides=sides), rules=[mm.Different("team")])
        >>> mm.match(people, program).rule_prices()
        (RulePrice(rule='different team', people=2, score=1.0),)
        """
        solved, prices = self._attached(), []
        for place, rule in enumerate(solved.program.rules):
            rules = [*solved.program.rules[:place], *solved.program.rules[place + 1 :]]
            found = self._what_if(solved.graph.people, with_rules(solved.program, rules))
            prices.append(RulePrice(str(rule), found.people, found.score, found.is_exact))
        return tuple(prices)

    def skill_values(self, k: int | None = None) -> tuple[SkillValue, ...]:
        """Return which skills to recruit for: what one more teacher of each would add.

        That teacher would be a double of somebody who takes part, of whoever adds most: with all
        that they teach and want, and under the same rules. So it is what such a person is worth,
        and not the skill alone; of a skill that nobody teaches nothing is known
        (`Audit.unoffered` names these). They have time for as many partners as whom they are like,
        and need none. Between two sides with one partner each a double takes one role, and prices
        say what it adds, as in rings of any length without required pairs; elsewhere the program
        is solved again for each teacher.

        Parameters
        ----------
        k
            How many; `None` for all that somebody wants and somebody teaches.

        Returns
        -------
        tuple of SkillValue
            The most valuable first.

        Raises
        ------
        ProgramError
            When the program has buddies, or its objective is a floor; when rings of a bounded
            length are not proven best, with a double or without; for one pool with more than
            2,097,152 allowed pairs; and where it would have to be solved again among more than 200
            people.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...         {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> mm.match(people, program).skill_values(k=1)
        (SkillValue(skill='leading', people=2, score=1.0, like='ana'),)
        """
        return skill_values(self._insight)[:k]

    def firmness(self, a: str, b: str) -> Firmness:
        """Return how firm a pair is: whether every best matching holds it.

        Parameters
        ----------
        a, b
            Ids, in either order; in rings, the first teaches the second.

        Returns
        -------
        Firmness
            Whether all, some or none of the best matchings hold the pair, and how far its score
            could fall without that.

        Raises
        ------
        ProgramError
            When nobody has such an id, they take no part, or the answer was stopped before it was
            proven best; in rings of a bounded length, when they are not proven best, with the pair
            or without it.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...         {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading; R"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> firm = mm.match(people, program).firmness("ana", "bo")
        >>> firm.code, round(firm.may_fall, 2)
        ('all', 0.33)
        """
        insight = self._insight
        return firmness(insight, insight.row(a), insight.row(b))

    def firm_pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs that every best matching holds; lots decided on the others.

        Between two sides with one partner each, and in rings of any length, that is one look at
        all allowed pairs; elsewhere the program is solved again without each pair.

        Returns
        -------
        tuple of (str, str)
            Ids, in their order; in rings, the first teaches the second.

        Raises
        ------
        ProgramError
            When the answer was stopped before it was proven best, or as `firmness`.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...         {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> mm.match(people, program).firm_pairs()
        ()
        """
        insight = self._insight
        return tuple(sorted(insight.ids(*place) for place in firm_pairs(insight)))

    def _what_if(self, people: Cohort, program: Program) -> WhatIf[Self]:
        self._insight.check_proven()
        before = self._attached()
        # Rings are always found anew.
        start = None if before.graph.layout == "arrows" else self.certificate
        after = solve(people, program, before.seed, start=start)
        return compared(before, after, self._of(after))

    @cached_property
    def _insight(self) -> Insight:
        return Insight(self._attached())

    @cached_property
    def _single(self) -> Mapping[str, Sequence[Unmatched]]:
        """Why people have no partner, for each role in which they have none."""
        found: dict[str, list[Unmatched]] = {}
        for one in self.unmatched:
            found.setdefault(one.id, []).append(one)
        return found
