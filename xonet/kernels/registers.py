"""Numbers that the native loop and the program agree on: what a row's arguments may refer to, and the control block."""

from __future__ import annotations

from enum import IntEnum, auto


class Register(IntEnum):
    """What an argument of a row is counted from; the loop sets these as it goes.

    An argument is a (register, offset) pair and reaches the kernel as their sum: `ZERO` makes it a plain number,
    an address register makes it a place.
    """

    ZERO = 0
    ACTIVATIONS = auto()
    """The values of this group of sixteen pictures."""
    PARAMETERS = auto()
    GRADIENTS = auto()
    """The gradient that this slot adds up."""
    SHARED = auto()
    """What all groups of a step share: packed weights, statistics of the batch."""
    STATE = auto()
    """The optimizer's vectors."""
    SCRATCH = auto()
    """This worker's, for the time of one row."""
    PICTURES = auto()
    TARGETS = auto()
    INDICES = auto()
    """The places in PICTURES of this group's pictures, int64."""
    SCORES = auto()
    """Where the scores of this group's first picture go."""
    WEIGHTS = auto()
    """Where this group's pictures' shares of the mean loss are, float32."""
    RATE = auto()
    """The learning rate of this step, float32."""
    CONTROL = auto()
    GROUP = auto()
    """The group's number in the batch."""
    GROUPS = auto()
    """How many groups this batch has."""
    LANES = auto()
    """How many real pictures this group has; the lanes behind them count for nothing."""
    COUNT = auto()
    """How many pictures this batch has."""
    POSITION = auto()
    """How many pictures of the epoch came before this batch."""
    STEP = auto()
    """The step's number over the whole training, from 0."""
    UPDATE = auto()
    """How many updates were before this step's, counted from when the optimizer's state was zero."""
    SLOTS = auto()
    """How many slots have a gradient to add up."""
    BATCH_OF_ROUND = auto()
    """How many steps have added to the gradient since parameters last changed, this one counted."""
    GROUP_STRIDE = auto()
    """Bytes from one group's values to the next's, where each has its own."""


REGISTERS = 32
"""Room for the registers of one worker; its frames, with the arguments of every row, lie behind them."""
LASTING = frozenset(
    (
        Register.ZERO,
        Register.PARAMETERS,
        Register.SHARED,
        Register.STATE,
        Register.SCRATCH,
        Register.PICTURES,
        Register.TARGETS,
        Register.CONTROL,
        Register.GROUP_STRIDE,
    )
)
"""Registers that a worker sets once a run; ACTIVATIONS is another where a worker uses one place over again."""


class Control(IntEnum):
    """Places in the control block: int64 numbers that Python and the workers share."""

    STOP = 0
    """Whether no further step is to begin."""
    BROKEN = 1
    """1 + the first step whose loss was no number; 0 while all is well."""
    DONE = 8
    """How many parts of phases are done; on a cache line of its own."""
    THREADS = 16
    """How many workers there may be."""
    TICKETS = auto()
    """Address of what each worker's queue has dealt out: int64, each on a cache line of its own."""
    ASSISTANTS = auto()
    """Address of the assistants' mailboxes; then how many there are, and address of the requests to them."""
    ASSISTANT_COUNT = auto()
    REQUESTS = auto()
    BEGIN = auto()
    """The first step of this call, and the one behind the last."""
    END = auto()
    FIRST_STEP = auto()
    FIRST_UPDATE = auto()
    PICTURES_IN_ALL = auto()
    BATCH = auto()
    SLOTS = auto()
    PHASES = auto()
    """Address of the phases: see `tables.LoopPhase`."""
    STAGES = auto()
    """Address of the stages: see `tables.LoopStage`; 0 where no group is shared."""
    PARTS = auto()
    """Address of their parts: see `tables.LoopPart`."""
    PHASE_COUNT = auto()
    FIRST_ONLY = auto()
    """How many of the phases, the first ones, are for the first step alone."""
    UPDATES_FROM = auto()
    """How many of them every step has; the others are for steps that change parameters."""
    STEPS_OF_UPDATE = auto()
    """How many steps add to a gradient before parameters change; the last round of a run may have fewer."""
    ROWS = auto()
    """Address of the rows: see `tables.LoopRow`."""
    ARGUMENTS = auto()
    """Address of the arguments: see `tables.LoopArgument`; first those that last for a whole run."""
    LASTING = auto()
    """How many of the arguments last."""
    WORKERS = auto()
    """Address of the workers' registers and frames."""
    WORKERS_STRIDE = auto()
    """Bytes from one worker's to the next's."""
    ACTIVATIONS = auto()
    ACTIVATIONS_STRIDE = auto()
    """Bytes from one group's values to the next's; 0 where each worker uses one place over again."""
    ACTIVATIONS_WORKER = auto()
    """Bytes from one worker's place to the next's; where workers share, from one slot's."""
    PARAMETERS = auto()
    GRADIENTS = auto()
    GRADIENTS_STRIDE = auto()
    SHARED = auto()
    STATE = auto()
    SCRATCH = auto()
    SCRATCH_STRIDE = auto()
    PICTURES = auto()
    TARGETS = auto()
    INDICES = auto()
    SCORES = auto()
    SCORES_STRIDE = auto()
    """Bytes of one picture's scores."""
    RATES = auto()
    WEIGHTS = auto()
    """Address of what each picture counts for in its step, in the order of the indices."""
    SIZE = 64


class Phase(IntEnum):
    """The parts in which a phase is dealt to the workers; a phase begins when the one before is done."""

    GROUPS = 0
    """All rows for every group; a part is a slot, with its groups in order. Where workers share a group, it is a part
    of a stage for one slot's next group."""
    ROWS = 1
    """Every row once; a part is a row."""
    ONE = 2
    """Every row once, in order; there is one part: for work that is not worth more."""
