"""How weights begin where the file does not say it."""

from __future__ import annotations

from xonet.initializers import Initializer
from xonet.initializers.glorot_uniform import GlorotUniform
from xonet.initializers.he_normal import HeNormal
from xonet.initializers.lecun_normal import LecunNormal
from xonet.layers._graph import Operation

BEFORE: dict[str, type[Initializer]] = {"rectifier": HeNormal, "self-normalizing": LecunNormal}
"""By the family of an activation."""


def default_initializer(operation: Operation) -> Initializer:
    """`he_normal` where the next activation on any way is of the relu family, `lecun_normal` where it is selu.

    Elsewhere it is `glorot_uniform`.

    Layers without weights (batch_norm, pools, dropout, flatten, joins) are looked through: they hand the value on. The
    way ends at the next activation or the next layer with weights.
    """
    values, seen = [operation.output], set()
    while values:
        value = values.pop()
        for user, _ in value.consumers:
            if user in seen:
                continue
            seen.add(user)
            if user.layer.activation in BEFORE:
                return BEFORE[user.layer.activation]()
            if not user.layer.activation and not any(parameter.name == "weights" for parameter in user.parameters):
                values.append(user.output)
    return GlorotUniform()
