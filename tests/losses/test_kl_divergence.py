"""`kl_divergence`: a loop and its cases."""

from __future__ import annotations

from decimal import Decimal, localcontext

CASES = [({},)]


def naive(loss, scores, targets):
    """Wanted probability times the logarithm of its ratio to what softmax gives."""
    with localcontext() as decimal:
        decimal.prec = 50
        exact = [Decimal(score) for score in scores]
        log_sum = sum(score.exp() for score in exact).ln()
        pairs = [(Decimal(share), score) for share, score in zip(targets, exact, strict=True) if share > 0]
        return float(sum(share * (share.ln() + log_sum - score) for share, score in pairs))
