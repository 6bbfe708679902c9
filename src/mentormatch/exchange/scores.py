"""What a pair can be scored by."""

from typing import Annotated

from pydantic import Field

from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.exchange.shared import SharedWishes

__all__ = ["AnyScore", "Score"]

AnyScore = Reciprocity | OneWay | SharedWishes
Score = Annotated[AnyScore, Field(discriminator="kind")]
