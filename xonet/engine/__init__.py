"""From a checked network to numbers: how parameters begin, and how a batch runs through the operations."""
