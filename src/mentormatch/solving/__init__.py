"""A program on a cohort: from sides and rules to a solved assignment."""
