"""A forward run: what every layer makes of `data.pictures`, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.cli import FINE
from xonet.cli._results import say

if TYPE_CHECKING:
    from xonet.network import Network


def print_forward(network: Network) -> int:
    """Print it picture by picture; where the file says a loss and the right answers are known, the errors too."""
    from xonet.data._sets import load_pictures
    from xonet.engine.plan import one_hot
    from xonet.engine.reference import ReferenceEngine
    from xonet.losses import LOSSES
    from xonet.model import Model
    from xonet.pictures.numbers import cut, error_lines, forward_lines

    assert network.document.data is not None and network.document.data.pictures is not None
    training = network.document.training
    data = load_pictures(network.document.data, network.wanted, training.seed if training else 0)
    say(data.notes)
    model = Model(network, engine="reference")
    outputs = list(model.outputs(data.pictures))
    x = ReferenceEngine(model.plan).input(data.pictures)
    scores = outputs[-1][1].reshape(len(x), -1)
    for index in range(len(x)):
        name = data.names[index] if data.names else ""
        if not name and data.targets is not None and network.classes:
            name = network.classes[int(data.targets[index])]
        lines = [*forward_lines(index, name, x, outputs, network.classes or network.labels)]
        if network.document.training is not None and (data.targets is not None or network.is_own_target):
            here = slice(index, index + 1)
            right = one_hot(model.plan.targets(data.pictures, data.targets)[here], model.plan.outputs)
            loss = (LOSSES.word(model.loss), model.mean_loss(scores[here], right))
            if network.is_own_target:
                lines += [f"{loss[0]}: {cut(loss[1])}"]
            else:
                lines += error_lines(scores[index], right[0], network.score_names, loss)
        print("\n".join(lines), end="\n\n")
    return FINE
