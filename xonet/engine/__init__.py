"""From a checked network to numbers: memory, program and runs, and the NumPy reference of the same."""
