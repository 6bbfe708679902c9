"""What is found out when somebody looks at it."""

import pickle
from functools import partial

from mentormatch.matching.sought import Sought


def test_it_is_sought_once_and_only_when_it_is_looked_at() -> None:
    asked: list[str] = []

    def seek() -> tuple[str, ...]:
        asked.append("asked")
        return ("a", "b")

    one = Sought(seek)
    assert asked == []
    assert [*one] == ["a", "b"]
    assert (one[0], one[:1], one[-1], len(one)) == ("a", ("a",), "b", 2)
    assert asked == ["asked"]


def test_it_is_compared_shown_and_pickled_as_what_was_found() -> None:
    one, same, other = (Sought(partial(tuple[str, ...], found)) for found in ("a", "a", "b"))
    assert one == same == ("a",)
    assert one != other
    assert hash(one) == hash(same) == hash(("a",))
    assert repr(one) == "('a',)"
    assert pickle.loads(pickle.dumps(one)) == ("a",)
