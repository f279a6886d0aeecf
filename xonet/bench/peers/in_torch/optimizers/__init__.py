"""What xonet's optimizers are in PyTorch: a file each, found by its name."""
