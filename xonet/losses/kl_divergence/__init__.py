"""The loss `kl_divergence`: how far the network's probabilities are from those that are wanted."""

from __future__ import annotations

from xonet.losses import CLASSES, VALUES, Loss


class KLDivergence(Loss):
    """How far the probabilities that softmax assigns are from the wanted ones: the sum of t · log(t / probability).

    PyTorch's KLDivLoss(reduction="batchmean") behind log_softmax. It takes scores, and targets that are probabilities:
    values, or in Python an array for classes. For class numbers it is cross_entropy.
    """

    fits = (CLASSES, VALUES)
    nearly = dict.fromkeys(
        ("KLDivLoss", "kl_div", "kld", "KLDivergence", "kullback_leibler_divergence"),
        "write kl_divergence; it takes scores, so the network ends with neither softmax nor log_softmax, "
        "and targets that are probabilities, not their logarithms",
    )
