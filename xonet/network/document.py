"""The records of a whole file: what each section may say."""

from __future__ import annotations

from typing import Any, ClassVar

from xonet.data import SOURCES, DataSource
from xonet.data.augment import AUGMENTATIONS, Augmentation
from xonet.language.families import OneOf, many
from xonet.language.fields import Nested, Record, field
from xonet.language.kinds import Anything, Choice, Count, Duration, Flag, Integer, ListOf, MapOf, MapOr, Number, Text
from xonet.language.nodes import Node
from xonet.layers import Layer, stack
from xonet.losses import LOSSES, Loss
from xonet.metrics import MetricName
from xonet.network.defaults import DefaultKnobs
from xonet.network.expect import Expect
from xonet.network.interface import Answering, Input, Output, Version
from xonet.network.learning import Ema, GradientClip, Swa
from xonet.network.weights import Weights, WeightsFile
from xonet.optimizers import OPTIMIZERS, Optimizer
from xonet.schedules import SCHEDULES, Schedule
from xonet.schedules._monitors import MONITOR


class Data(Record):
    """Where pictures come from."""

    train: DataSource | None = field(
        OneOf(SOURCES), "What it learns from.", default=None, example={"xo": {"count": 8000, "shift": 1}}
    )
    validation: DataSource | None = field(
        OneOf(SOURCES),
        "What each epoch is evaluated on: a source, or a share of the training data.",
        default=None,
        example={"share": 0.1},
        also=("val", "valid"),
    )
    test: DataSource | None = field(
        OneOf(SOURCES),
        "What the trained network is evaluated on.",
        default=None,
        example={"xo": {"count": 2000, "seed": 2, "shift": 1}},
    )
    pictures: DataSource | None = field(
        OneOf(SOURCES), "What a network without training is run on.", default=None, example={"xo": {"count": 4}}
    )
    targets: str | None = field(
        Choice("input"),
        "`input`: the network is to give its own input back, as it was before augmentation; labels are not needed, and "
        "there is no output section. The last layer gives the input's shape, or a row of as many values.",
        default=None,
        also=("target", "class_mode"),
    )
    augment: tuple[Augmentation, ...] = field(
        many(AUGMENTATIONS),
        "Random changes to the training pictures, drawn anew in every epoch.",
        default=[],
        also=("augmentation", "augmentations", "transforms"),
    )

    @property
    def sources(self) -> tuple[DataSource | None, ...]:
        """Of each set."""
        return self.train, self.validation, self.test, self.pictures


class EarlyStopping(Record):
    """Stops training when it no longer improves."""

    monitor: str = field(
        MONITOR,
        "What must improve: the loss, or a metric, with `validation_` before it on the validation data. A loss or an "
        "error falls, other metrics rise.",
        default="validation_loss",
    )
    patience: int = field(Integer(minimum=0), "How many epochs may pass without an improvement.", default=5)
    min_delta: float = field(Number(minimum=0), "Only a change larger than this counts as an improvement.", default=0.0)
    restore_best: bool = field(
        Flag(), "Whether the weights of the best epoch are kept instead of the last.", default=True
    )


class Training(Record):
    """How the network learns."""

    advice = dict.fromkeys(
        ("learning_rate", "lr", "base_lr"), "it belongs in the optimizer: optimizer: {sgd: {learning_rate: {value}}}"
    ) | {
        "momentum": "it belongs in the optimizer: optimizer: {sgd: {learning_rate: 0.1, momentum: {value}}}",
        "weight_decay": "it belongs in the optimizer: optimizer: {sgd: {learning_rate: 0.1, weight_decay: {value}}}",
        "label_smoothing": "it belongs in the loss: loss: {cross_entropy: {label_smoothing: {value}}}",
        "device": "remove it: xonet runs on the CPU",
        **dict.fromkeys(
            ("clip_grad_norm", "max_grad_norm", "clip_norm", "global_clipnorm", "gradient_clip_norm", "grad_clip_norm"),
            "write gradient_clip: {norm: {value}}",
        ),
        "clipnorm": "write gradient_clip: {norm: {value}}: over all parameters together, as Keras' global_clipnorm",
        **dict.fromkeys(
            ("clipvalue", "clip_value", "clip_grad_value", "gradient_clip_value"),
            "write gradient_clip: {value: {value}}",
        ),
        **dict.fromkeys(("ema_decay", "ema_momentum", "model_ema_decay"), "write ema: {decay: {value}}"),
        **dict.fromkeys(("swa_start", "swa_epoch_start"), "write swa: {from: {value}}"),
        "validation_split": "write validation: {share: {value}} under data",
    }

    loss: Loss = field(
        OneOf(LOSSES), "What training minimizes.", example="cross_entropy", also=("criterion", "loss_function")
    )
    optimizer: Optimizer = field(
        OneOf(OPTIMIZERS), "How parameters are updated from the gradient.", example={"adam": {"learning_rate": 0.001}}
    )
    schedule: Schedule = field(
        OneOf(SCHEDULES),
        "How the learning rate changes over the epochs.",
        default="constant",
        also=("lr_scheduler", "scheduler", "lr_schedule", "lr_policy"),
    )
    epochs: float = field(
        Count(minimum=0),
        "How many times all training pictures are seen; 0 does not train, and measures the weights as written. With a "
        "fraction (2.5), the last time only the first part of the pictures in their shuffled order is seen, in whole "
        "batches.",
        example=10,
        also=("num_epochs", "max_epochs", "n_epochs", "nb_epoch", "epoch"),
    )
    batch_size: int = field(
        Integer(minimum=1), "Pictures per step.", default=32, also=("batch", "minibatch_size", "bs")
    )
    seed: int = field(
        Integer(minimum=0),
        "The seed of all random numbers: the same seed gives the same final weights.",
        default=0,
        also=("random_seed", "random_state"),
    )
    gradient_clip: GradientClip | None = field(
        Nested(GradientClip),
        "Keeps gradients from becoming too large: {norm: 1} all of them together, {value: 0.5} each number.",
        default=None,
        example={"norm": 1},
        also=("clip", "clip_gradients", "clip_gradient", "clip_grad", "gradient_clipping"),
    )
    accumulate: int = field(
        Integer(minimum=1),
        "How many steps' gradients are averaged before parameters change once, as if batches were that much larger; an "
        "epoch's last round may have fewer. Schedules and the optimizer count these changes, not the steps.",
        default=1,
        also=(
            *("gradient_accumulation_steps", "accumulate_grad_batches", "accumulation_steps", "iter_size"),
            *("gradient_accumulation", "grad_accum", "subdivisions"),
        ),
    )
    ema: Ema | None = field(
        Nested(Ema),
        "Keeps an average of the weights, in which older ones count less and less; evaluation and the saved model use "
        "it.",
        default=None,
        example={"decay": 0.999},
        also=("use_ema", "model_ema", "moving_average", "weight_averaging"),
    )
    swa: Swa | None = field(
        Nested(Swa),
        "Ends with the mean of the weights at the ends of the epochs from this one on; the saved model has it.",
        default=None,
        example={"from": 20},
        also=("stochastic_weight_averaging",),
    )
    shuffle: bool = field(Flag(), "Whether each epoch sees the pictures in a different order.", default=True)
    early_stopping: EarlyStopping | None = field(
        Nested(EarlyStopping),
        "Stops training when it no longer improves.",
        default=None,
        example={"patience": 3},
        also=("early_stop",),
    )
    class_weights: str | dict[str, float] | None = field(
        MapOr(Number(above=0), Choice("balanced")),
        "How much each class counts: `balanced`, n / (classes · count) as in scikit-learn, or a number for each class; "
        "one that is not named weighs 1. As with PyTorch's CrossEntropyLoss(weight=), a batch's loss is the sum of "
        "weight · loss divided by the sum of the weights (Keras divides by the number of pictures). Losses are shown "
        "without it. It covers the whole loss of a class's pictures, label_smoothing included.",
        default=None,
        example={"X": 1, "O": 3},
        also=("class_weight",),
    )
    time_limit: float | None = field(
        Duration(),
        "Ends training after so much time, in the middle of an epoch, too: 90 s, 10 min, 2 h, or a number of seconds. "
        "Schedules do not know of it; with it, runs are not the same each time.",
        default=None,
        example="10 min",
        also=("max_time", "max_seconds", "timeout", "time_budget", "max_train_time", "max_train_seconds"),
    )
    metrics: tuple[str, ...] = field(
        ListOf(MetricName(), unique=True),
        "What is measured beside the loss, and the accuracy of classes and labels: of every epoch, and of the test "
        "data. What early stopping monitors is measured as well; what expect names, of the test data.",
        default=[],
        example=["f1", "auc"],
        also=("metric", "eval_metrics", "eval_metric"),
    )
    checkpoint_every: int = field(Integer(minimum=1), "A checkpoint is written every this many epochs.", default=1)


class Document(Record):
    """A convolutional network: what it sees, its layers, what it learns from and how."""

    advice: ClassVar = {
        "epochs": "it belongs under training: epochs: {value}",
        "batch_size": "it belongs under training: batch_size: {value}",
        "loss": "it belongs under training: loss: {value}",
        "optimizer": "it belongs under training: optimizer: {value}",
        "classes": "it belongs under output: classes: {value}",
        "inputs": "write input: {height: 28, width: 28}; a network has one input",
        "version": "write xonet: 1 for the version of the language",
    }

    broken: frozenset[str] = frozenset()
    """Sections that the file has, or is meant to have, but that could not be read."""

    xonet: int = field(Version(), "The version of the language.", example=1)
    name: str | None = field(
        Text(r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", "letters, digits, _, - and ., starting with a letter or digit"),
        "What the network is called: results go to runs/<name>/. By default, the file's name.",
        default=None,
        example="xo",
    )
    description: str | None = field(Text(), "What the network is for, in a sentence.", default=None)
    knobs: dict[str, Any] = field(
        MapOf(Anything()),
        "Named values, marked by YAML anchors, that other places and --set refer to.",
        default={},
    )
    defaults: dict[str, Any] = field(
        DefaultKnobs(),
        "Knobs that every layer of a kind has which does not say them itself.",
        default={},
        example={"conv2d": {"padding": "same"}},
    )
    input: Input = field(Nested(Input), "What the network sees.", example={"height": 28, "width": 28})
    layers: tuple[Layer, ...] = field(
        stack(minimum=1),
        "From the input to the scores, one after another.",
        example=[{"dense": {"units": 10}}],
        also=("model", "network", "architecture", "backbone"),
    )
    output: Output | None = field(
        Nested(Output), "What the last layer's numbers mean.", default=None, example={"classes": ["X", "O"]}
    )
    data: Data | None = field(
        Nested(Data),
        "Where pictures come from.",
        default=None,
        example={"train": {"xo": {"count": 8000, "shift": 1}}},
        also=("dataset", "datasets"),
    )
    weights: Weights | None = field(
        WeightsFile(),
        "A safetensors file, such as a model file, whose arrays the parameters of the same names begin with. Without "
        "training, the network is used as it then is.",
        default=None,
        example="lenet.safetensors",
        also=("pretrained", "checkpoint", "init_from", "pretrained_weights"),
    )
    training: Training | None = field(
        Nested(Training), "How the network learns.", default=None, also=("train", "trainer", "solver")
    )
    test: Answering | None = field(
        Nested(Answering), "How the test at the end of a run asks it.", default=None, example={"mirror": True}
    )
    evaluate: Answering | None = field(
        Nested(Answering),
        "How `xonet evaluate` asks it; by default as `test` says.",
        default=None,
        example={"mirror": True},
    )
    predict: Answering | None = field(
        Nested(Answering), "How `xonet predict` asks it.", default=None, example={"mirror": True}
    )
    expect: Expect | None = field(Nested(Expect), "What the network must achieve.", default=None)

    @classmethod
    def read_sound(cls, node: Node, broken: frozenset[str]) -> Document:
        """From a node whose sections fit the schema, but for the `broken` ones, which are None."""
        document = cls.__new__(cls)
        document.node, document.broken = node, broken
        for name, member in cls.fields.items():
            written = node.get(name)
            if name in broken:
                value = None
            elif written is not None:
                value = member.kind.read(written)
            else:
                value = None if member.default is None else member.kind.value(member.default)
            setattr(document, name, value)
        return document
