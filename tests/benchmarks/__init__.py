"""How fast xonet is, beside others and beside what the machine can do: `python -m tests.benchmarks`."""
