"""What an engine runs, said in data: rows of kernels and their arguments, and memory as kernels want it."""
