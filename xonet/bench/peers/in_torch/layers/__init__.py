"""What xonet's layers are in PyTorch: a file each, found by its name."""
