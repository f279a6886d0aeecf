"""The metric `auc`."""

from __future__ import annotations

import numpy as np

from tests.metrics.drawn import Case, draw, meter
from xonet.losses import CLASSES, ONE_SCORE

CASES = [("auc",)]


def naive(case):
    """Pair by pair."""
    found = []
    for number in range(case.classes):
        true, _, probability = case.of_one(number)
        own, other = probability[true], probability[~true]
        if len(own) and len(other):
            # the formulas here round the last bits otherwise, and what is equal there must be here
            pairs = [(a - b) / a for a in own for b in other]
            found.append(np.mean([0.5 if abs(apart) < 1e-13 else float(apart > 0) for apart in pairs]))
    return np.mean(found) if found else 0.0


def scikit(case):
    """scikit-learn's, where every class is there, and not all pictures are of one."""
    from sklearn.metrics import roc_auc_score

    if len({np.ndarray.tobytes(each) for each in case.targets.reshape(len(case.targets), -1)}) < 2:
        return None
    if case.answers in (CLASSES, ONE_SCORE) and len(set(case.targets.tolist())) < case.classes:
        return None
    if case.targets.ndim > 1 and any(len(set(column)) < 2 for column in case.targets.T.tolist()):
        return None
    if case.answers == ONE_SCORE:
        return roc_auc_score(case.targets, case.scores[:, 0])
    return roc_auc_score(case.targets, case.probabilities.round(13), multi_class="ovr", average="macro")


def test_probabilities_near_1_are_told_apart():
    scores = np.array([[0, 20], [0, 21], [0, 22], [0, 23]], np.float32)
    assert meter(Case(CLASSES, scores, np.array([0, 1, 0, 1])), ["auc"]).row["auc"] == 0.75


def test_classes_without_pictures_are_not_known():
    case = draw(CLASSES)
    case.targets[case.targets == 3] = 0
    *known, last = meter(case, ["auc"]).of_each["auc"]
    assert last is None and meter(case, ["auc"]).row["auc"] == np.mean(known)
