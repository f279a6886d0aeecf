"""How fast a network runs here, compared with what the machine can do, and with the same network elsewhere."""
