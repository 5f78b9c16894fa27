package io.sparkonnx.engine.op.elementwise;

import static io.sparkonnx.engine.tensor.ElementType.BFLOAT16;
import static io.sparkonnx.engine.tensor.ElementType.BOOL;
import static io.sparkonnx.engine.tensor.ElementType.DOUBLE;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT16;
import static io.sparkonnx.engine.tensor.ElementType.INT16;
import static io.sparkonnx.engine.tensor.ElementType.INT32;
import static io.sparkonnx.engine.tensor.ElementType.INT64;
import static io.sparkonnx.engine.tensor.ElementType.INT8;
import static io.sparkonnx.engine.tensor.ElementType.UINT16;
import static io.sparkonnx.engine.tensor.ElementType.UINT32;
import static io.sparkonnx.engine.tensor.ElementType.UINT64;
import static io.sparkonnx.engine.tensor.ElementType.UINT8;

import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.tensor.ElementType;
import java.util.Set;

/** Sets of element types that the element-wise operators allow. */
@SuppressWarnings("ImmutableEnumChecker")
public enum Types {
  FLOATS("floating-point", FLOAT, DOUBLE, FLOAT16, BFLOAT16),
  INTEGERS("integer", INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64),
  NUMBERS(
      "numeric", FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32,
      UINT64),
  BOOLEANS("boolean", BOOL);

  private final String adjective;
  private final Set<ElementType> members;

  Types(String adjective, ElementType... members) {
    this.adjective = adjective;
    this.members = Set.of(members);
  }

  public boolean contains(ElementType type) {
    return members.contains(type);
  }

  /** The element type of a tensor input, which must be of this set. */
  public ElementType require(InferenceContext context, int input) {
    ElementType type = context.element(input);
    if (!contains(type)) {
      throw context.error("input " + input + " is " + type + ", expected a " + adjective + " type");
    }
    return type;
  }
}
