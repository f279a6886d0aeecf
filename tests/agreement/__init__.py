"""Whether `validate` and `run` agree about random network files with random small data, some broken on purpose."""
