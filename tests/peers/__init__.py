"""Other frameworks beside xonet: the same network there, to be compared with, for parity and for speed."""
