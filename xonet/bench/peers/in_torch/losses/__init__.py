"""What xonet's losses are in PyTorch: a file each, found by its name."""
