"""How fast a network runs here, beside what the machine can do, and beside the same network elsewhere."""
