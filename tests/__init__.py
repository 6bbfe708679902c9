"""The tests: the same tree as the source; laws in `property`."""
