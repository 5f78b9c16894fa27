package io.sparkonnx.engine.type;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is known of a value.
 *
 * @param type its type
 * @param contents elements of a small integer tensor (rank 0 or 1) in order, or null
 * @param constant the value itself where it is a constant of the model, or null
 */
public record ValueInfo(ValueType type, List<Dim> contents, Tensor constant) {
  /** Integer tensors up to this many elements have their contents followed. */
  public static final int MAX_CONTENTS = 64;

  public ValueInfo {
    contents = contents == null ? null : List.copyOf(contents);
  }

  public static ValueInfo of(ValueType type) {
    return new ValueInfo(type, null, null);
  }

  public static ValueInfo of(ElementType element, Shape shape) {
    return of(new TensorType(element, shape));
  }

  /** A small integer tensor whose elements are known: rank 1, or a scalar. */
  public static ValueInfo ofContents(ElementType element, boolean scalar, List<Dim> contents) {
    Shape shape = scalar ? Shape.SCALAR : Shape.of(contents.size());
    boolean follow = contents.size() <= MAX_CONTENTS;
    return new ValueInfo(new TensorType(element, shape), follow ? contents : null, null);
  }

  public static ValueInfo ofConstant(Tensor tensor) {
    return new ValueInfo(
        new TensorType(tensor.type(), Shape.of(tensor.dims())), contentsOf(tensor), tensor);
  }

  /** The elements of a small integer tensor, else null. */
  public static List<Dim> contentsOf(Tensor tensor) {
    ElementType type = tensor.type();
    boolean followed = type == ElementType.INT64 || type == ElementType.INT32;
    if (!followed || tensor.rank() > 1 || tensor.size() > MAX_CONTENTS) {
      return null;
    }
    return IntStream.range(0, tensor.size()).mapToObj(i -> Dim.of(tensor.longAt(i))).toList();
  }

  public boolean isTensor() {
    return type instanceof TensorType;
  }

  /** Element type of a tensor. */
  public ElementType element() {
    return ((TensorType) type).element();
  }

  /** Shape of a tensor. */
  public Shape shape() {
    return ((TensorType) type).shape();
  }

  /** Contents as numbers, or null where one is symbolic or nothing is known. */
  public long[] constantContents() {
    if (contents == null || !contents.stream().allMatch(Dim::isConstant)) {
      return null;
    }
    return contents.stream().mapToLong(Dim::value).toArray();
  }
}
