"""What comes before and after a matching: a program from one round to the next."""
