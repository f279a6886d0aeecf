"""Small changes of the code, one at a time, that some test must notice: `python -m tests.mutants`."""
