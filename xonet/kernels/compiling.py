"""A kernel becomes object code: Numba types it, LLVM compiles it, with an entry that takes its arguments packed."""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import compiler
from numba.core.compiler import Flags
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

from xonet.kernels import Kernel, lowering, numba_parts, target, tiles
from xonet.kernels.feature_tiles import feature_function, plane_function
from xonet.kernels.ir_parts import I64, VOID
from xonet.kernels.window_tiles import window_function, window_weights_function


@global_compiler_lock
def compile_kernel(kernel: Kernel) -> bytes:
    """The object code of a kernel; its symbol is the kernel's name (see `_entry`)."""
    lowering.register_helpers()
    flags = Flags()
    flags.nrt = False
    flags.boundscheck = False
    flags.error_model = "numpy"
    flags.no_cpython_wrapper = True
    flags.no_cfunc_wrapper = True
    flags.no_compile = True
    typing_context, target_context = cpu_target.typing_context, cpu_target.target_context
    typing_context.refresh()
    target_context.refresh()
    arguments = (types.int64,) * kernel.arity
    library = target_context.codegen().create_library(kernel.name)
    result = compiler.compile_extra(
        typing_context, target_context, kernel.function, arguments, types.int64 if kernel.method else types.void,
        flags, {}, library=library,
    )  # fmt: skip
    library.add_ir_module(_entry(library.create_ir_module(kernel.name), kernel, result.fndesc))
    return bytes(target.machine().emit_object(numba_parts.optimized(library)))


def compile_tiles() -> bytes:
    """The object code of the register tiles; no Numba in it."""
    module = llvm.parse_assembly(str(tiles_module()))
    module.verify()
    machine = target.machine()
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = False
    options.loop_unrolling = False  # unrolled, they read weights in strides too long to be fetched ahead
    passes = llvm.create_pass_builder(machine, options).getModulePassManager()
    passes.run(module, llvm.create_pass_builder(machine, options))
    return bytes(machine.emit_object(module))


def _entry(module: Any, kernel: Kernel, described: Any) -> Any:
    """`void name(int64 *arguments)`, which unpacks and calls, or `PyObject *name(self, arguments, count)` of a method.

    A kernel raises nothing, so its status is ignored.
    """
    nothing = ir.IntType(8).as_pointer()
    answer = I64 if kernel.method else nothing
    excinfo = ir.LiteralStructType([nothing, ir.IntType(32), nothing, nothing, ir.IntType(32)]).as_pointer()
    numbers = [I64] * kernel.arity
    inner = ir.Function(
        module,
        ir.FunctionType(ir.IntType(32), [answer.as_pointer(), excinfo.as_pointer(), *numbers]),
        described.llvm_func_name,
    )
    kind = ir.FunctionType(I64, numbers) if kernel.method else ir.FunctionType(VOID, [I64.as_pointer()])
    entry = ir.Function(module, kind, kernel.name)
    b = ir.IRBuilder(entry.append_basic_block("entry"))
    values = entry.args
    if not kernel.method:
        values = [b.load(b.gep(entry.args[0], [I64(n)]), align=8) for n in range(kernel.arity)]
    result = b.alloca(answer)
    b.call(inner, [result, b.alloca(excinfo), *values])
    if kernel.method:
        b.ret(b.load(result))
    else:
        b.ret_void()
    return module


def tiles_module() -> Any:
    """The module that defines every kind of tile, in every size."""
    module = ir.Module("xonet.tile")
    for name, build, sizes in (
        ("xonet.tile", tiles.tile_function, target.tile_sizes()),
        ("xonet.packed", tiles.packed_function, target.tile_sizes()),
        ("xonet.batch", tiles.batch_function, target.tile_sizes()),
        ("xonet.outer", tiles.outer_function, target.outer_sizes()),
        ("xonet.features", feature_function, target.feature_sizes()),
        ("xonet.planes", plane_function, target.tile_sizes()),
        ("xonet.window", window_function, target.window_sizes()),
        ("xonet.window_weights", window_weights_function, target.window_weights_sizes()),
    ):
        function = tiles.declare(module, name)
        _choose(ir.IRBuilder(function.append_basic_block("entry")), build, sizes, *function.args)
    return module


def _choose(b: Any, build: Any, sizes: list[tuple[int, int]], first: Any, second: Any, *arguments: Any) -> None:
    """Hand on to the tile of the size (first, second), known only at run time; another size is a programming error."""
    nowhere = b.append_basic_block("nowhere")
    switch = b.switch(b.or_(b.shl(first, I64(8)), second), nowhere)
    for one, other in sizes:
        block = b.append_basic_block(f"size.{one}.{other}")
        switch.add_case(I64(one << 8 | other), block)
        b.position_at_end(block)
        b.call(build(b.module, one, other), arguments)
        b.ret_void()
    b.position_at_end(nowhere)
    b.unreachable()
