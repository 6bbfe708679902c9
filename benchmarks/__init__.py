"""Benchmarks: against the peers, side by side, and growth curves."""
