"""Arrow columns as values that are equal only if every bit is."""

from typing import Any

import pyarrow as pa


def bits(column: pa.ChunkedArray | pa.Array) -> Any:  # noqa: ANN401
    """Nested lists and dicts of a column; floats are their bits as integers."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_struct(column.type):
        fields = zip(column.type, column.flatten(), strict=True)
        return {field.name: bits(values) for field, values in fields}
    if pa.types.is_list(column.type):
        return {"lengths": column.value_lengths().to_pylist(), "items": bits(column.flatten())}
    if pa.types.is_float32(column.type):
        return column.view(pa.int32()).to_pylist()
    if pa.types.is_float64(column.type):
        return column.view(pa.int64()).to_pylist()
    return column.to_pylist()
