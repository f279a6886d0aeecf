"""What the command exits with."""

FINE, FINDINGS, FAILURE, INTERRUPTED = 0, 1, 2, 130
