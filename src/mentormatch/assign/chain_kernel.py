"""The search for chains, compiled (extra ``scale``)."""

from mentormatch.assign import chain_search
from mentormatch.jit import kernel

__all__ = ["shortest"]

shortest = kernel(chain_search.shortest)
