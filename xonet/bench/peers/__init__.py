"""Other frameworks: the same network there, one module each, to compare correctness and speed.

A module has `inference(network, x, threads)`, and may have `training(task, threads)`. Both give runners by the way in
which the network is run there; the fastest one counts.
"""
