"""Sixty-four entries of a column compared at once, as instructions Numba does not have itself.

A comparison of a vector gives a bit of each entry, which together are one word; LLVM makes of it
what the processor is good at. Numba is only imported when the instructions are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

TOGETHER = 64
"""Entries compared at once: as many as a word has bits."""


@cache
def instructions() -> Mapping[str, Any]:
    """The comparisons by name.

    Each is called with a contiguous column, the place of a word and a whole number, and gives a
    ``uint64``: bit ``j`` says how entry ``64 * word + j`` compares, the lowest bit being the first.
    Entries of any width are compared as signed numbers of 64 bits; those of a ``byte_`` comparison
    as unsigned bytes with the number's lowest byte.
    """
    return {
        "at_least": _compared(">=", is_byte=False),
        "at_most": _compared("<=", is_byte=False),
        "equal": _compared("==", is_byte=False),
        "byte_equal": _compared("==", is_byte=True),
        "byte_above": _compared(">", is_byte=True),
    }


def _compared(sign: str, *, is_byte: bool) -> Any:
    """One comparison, for Numba to put in place of a call."""
    from llvmlite import ir
    from numba.core import types
    from numba.extending import intrinsic

    word = ir.IntType(64)

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        column, place, number = given
        entry = context.get_data_type(signature.args[0].dtype)
        vector = ir.VectorType(entry, TOGETHER)
        data = context.make_array(signature.args[0])(context, builder, value=column).data
        held = builder.load(builder.gep(builder.bitcast(data, vector.as_pointer()), [place]))
        held.align = entry.width // 8
        if is_byte:
            bits = builder.icmp_unsigned(sign, held, spread(builder, builder.trunc(number, entry)))
        else:
            whole = held if entry == word else builder.sext(held, ir.VectorType(word, TOGETHER))
            bits = builder.icmp_signed(sign, whole, spread(builder, number))
        return builder.bitcast(bits, word)

    def spread(builder: Any, number: Any) -> Any:
        """A vector with one number everywhere."""
        nothing = ir.Constant(ir.VectorType(number.type, TOGETHER), ir.Undefined)
        first = builder.insert_element(nothing, number, ir.Constant(ir.IntType(32), 0))
        everywhere = ir.Constant(ir.VectorType(ir.IntType(32), TOGETHER), [0] * TOGETHER)
        return builder.shuffle_vector(first, nothing, everywhere)

    def typed(_: Any, column: Any, place: Any, number: Any) -> tuple[Any, Callable[..., Any]]:
        return types.uint64(column, types.int64, types.int64), code

    return intrinsic(typed)
