"""The picture of an evaluation: what it says is what is in it."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

import mentormatch as mm
from tests.report.labels import overlaps
from tests.rounds.hidden_truth import Truth, round_of


def evaluation(truth: Truth, pairs: int = 60) -> mm.Evaluation:
    matching = round_of(pairs)
    return mm.evaluate(matching, truth.feedback(matching, 1), good=3)


def texts(ax: Any) -> list[str]:
    return [one.get_text() for one in ax.texts]


def test_all_that_is_drawn_is_in_the_table() -> None:
    found = evaluation(Truth(slope=6.0))
    ax: Any = mm.report.plot_evaluation(found)
    told = mm.report.finding_of(ax)
    assert told == mm.report.evaluation_found(found)
    assert len(told.rows) == len(found.prediction.classes) == len(texts(ax)) > 1
    for row, text in zip(told.rows, texts(ax), strict=True):
        assert text == f"{row[3]:.0%}\nof {row[6]:,}"
    points = [line for line in ax.get_lines() if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in points] == [row[2] for row in told.rows]
    assert [line.get_ydata()[0] for line in points] == [row[3] for row in told.rows]
    ax.figure.savefig(BytesIO(), format="png")


def test_no_label_covers_a_point_or_another_where_scores_are_close() -> None:
    found = evaluation(Truth())
    some = found.prediction.classes[0]
    close = tuple(replace(some, score=score) for score in (0.28, 0.33, 0.39, 0.59))
    ax: Any = mm.report.plot_evaluation(
        replace(found, prediction=replace(found.prediction, classes=close))
    )
    assert len(texts(ax)) == 4
    assert not overlaps(ax)
    points = [line.get_window_extent() for line in ax.get_lines() if line.get_marker() == "o"]
    labels = [text.get_window_extent() for text in ax.texts]
    assert not [one for one in labels for point in points if one.overlaps(point)]


def test_the_title_says_whether_the_score_foretells_the_fit() -> None:
    def title(truth: Truth) -> str:
        return mm.report.evaluation_found(evaluation(truth)).title

    assert title(Truth(slope=6.0)).startswith("The score foretells the fit: ")
    assert title(Truth(slope=-6.0)).startswith("The score misleads: ")
    assert title(Truth(slope=0.0)).startswith("Whether the score foretells the fit cannot be told")


@pytest.mark.parametrize(("good", "title"), [(1.5, "All answers"), (5, "No answers")])
def test_fits_that_are_all_good_or_all_poor_have_a_title(good: float, title: str) -> None:
    matching = round_of(10)
    records = Truth().feedback(matching, 1).to_records()
    feedback = mm.read_feedback([{**one, "fit": 3} for one in records])
    found = mm.report.evaluation_found(mm.evaluate(matching, feedback, good=good))
    assert found.title == f"{title} call the fit good, whatever the score"


def test_too_few_answers_are_a_picture_that_says_so() -> None:
    found = mm.evaluate(round_of(4), mm.read_feedback([]))
    ax = mm.report.plot_evaluation(found)
    assert mm.report.finding_of(ax).rows == ()
    assert texts(ax) == ["Too few people say how they fit to tell whether the score foretells it"]
