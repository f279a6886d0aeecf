"""What members of xonet's families are in PyTorch: a file each, found by its name.

`layers/<name>.py` has `there(operation, own, twin)`: from an operation, its parameters and the module that it becomes a
part of, to a call from its inputs to its output. A layer that treats every value alike needs no file where
`torch.nn.functional` has a function of its name that takes the layer's knobs in their order. Where weights lie neither
as xonet's do nor channels first, the file has `ordered(operation, array, back)`, too, which brings them there, or back
from there. `losses/<name>.py` has
`there(loss)`, from (scores, targets) to the mean loss; `optimizers/<name>.py` has `there(optimizer)`, PyTorch's class
and its options, but for the learning rate and the weight decay.
"""
