"""An example of every file that a program needs; ``mentormatch init`` copies them."""
