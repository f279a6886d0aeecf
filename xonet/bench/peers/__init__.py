"""Other frameworks beside xonet: the same network there, one room each, to be compared with for parity and for speed.

A room has `inference(network, x, threads)`, and may have `training(task, threads)`. Both give runners by the way in
which the network is run there; the fastest one counts.
"""
