package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * The same elements in another shape. One target dimension may be −1: what is left over. A 0 copies
 * the input's dimension, or with {@code allowZero} means an empty axis.
 *
 * <p>The target is the attribute {@code shape} (opset 1) or input 1 (from 5).
 */
public final class Reshape implements Operator {
  private final long[] attribute;
  private final boolean allowZero;

  private Reshape(long[] attribute, boolean allowZero) {
    this.attribute = attribute;
    this.allowZero = allowZero;
  }

  static Reshape fromAttribute(Attributes attributes) {
    long[] shape = attributes.integers("shape");
    if (shape == null) {
      throw attributes.error("attribute 'shape' is missing");
    }
    return new Reshape(shape, false);
  }

  static Reshape fromInput(Attributes attributes) {
    return new Reshape(null, attributes.flag("allowzero", false));
  }

  /** To a shape of sizes, one of which may be −1; none is 0. Takes the data alone. */
  public static Reshape to(long... shape) {
    return new Reshape(shape.clone(), true);
  }

  @Override
  public String type() {
    return "Reshape";
  }

  @Override
  public int viewOf(int output) {
    return 0;
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    List<Dim> target = attribute != null ? Integers.dims(attribute) : Integers.symbolic(context, 1);
    if (target == null) {
      int rank = Integers.count(context, 1);
      Shape unknown = rank < 0 ? Shape.UNKNOWN : context.freshShape(rank);
      return List.of(ValueInfo.of(context.element(0), unknown));
    }
    return List.of(Views.info(context, resolve(context, target)));
  }

  private Shape resolve(InferenceContext context, List<Dim> target) {
    Shape from = context.shape(0);
    List<Dim> dims = new ArrayList<>();
    int left = -1;
    Dim product = Dim.ONE;
    for (int i = 0; i < target.size(); i++) {
      Dim dim = target.get(i);
      if (dim.is(-1)) {
        if (left >= 0) {
          throw context.error("the shape " + target + " has more than one -1");
        }
        left = i;
        dims.add(Dim.ONE);
        continue;
      }
      if (dim.isConstant() && dim.value() < 0) {
        throw context.error("the shape " + target + " has a negative dimension");
      }
      dims.add(dim.is(0) && !allowZero ? copied(context, from, i) : dim);
      product = product.times(dims.get(i));
    }
    if (left >= 0 && allowZero && target.contains(Dim.ZERO)) {
      throw context.error("the shape " + target + " has both 0 and -1 under allowzero");
    }
    if (left >= 0) {
      dims.set(left, from.hasRank() ? leftOver(context, from, product) : context.fresh());
    } else if (from.isConstant() && product.isConstant() && !from.size().equals(product)) {
      throw mismatch(context, from, target);
    }
    return Shape.of(dims);
  }

  private static Dim copied(InferenceContext context, Shape from, int axis) {
    if (!from.hasRank()) {
      return context.fresh();
    }
    if (axis >= from.rank()) {
      if (from.size().is(0)) {
        return Dim.ZERO;
      }
      throw context.error("dimension " + axis + " is to be copied from the shape " + from);
    }
    return from.dim(axis);
  }

  private static Dim leftOver(InferenceContext context, Shape from, Dim product) {
    Dim size = from.size();
    if (product.is(0)) {
      if (size.isConstant() && !size.is(0)) {
        throw mismatch(context, from, List.of(Dim.of(-1), Dim.ZERO));
      }
      return Dim.ZERO;
    }
    Dim exact = size.dividedExactlyBy(product);
    if (exact == null && size.isConstant() && product.isConstant()) {
      throw context.error(size + " elements of " + from + " do not divide by " + product);
    }
    return exact != null ? exact : size.floorDiv(product);
  }

  private static RuntimeException mismatch(InferenceContext context, Shape from, List<Dim> target) {
    return context.error("the elements of " + from + " do not fill the shape " + target);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.reshaped();
  }

  @Override
  public Step prepare(Preparation preparation) {
    Shape known = preparation.outputs().get(0).shape();
    return context -> context.set(0, Views.of(context, resolve(context, known)));
  }

  /** The dimensions at run time; those that were known at load are taken from there. */
  private int[] resolve(StepContext context, Shape known) {
    long[] target = attribute != null ? attribute : Integers.of(context.input(1));
    Tensor from = context.input(0);
    int[] dims = new int[target.length];
    int left = -1;
    long product = 1;
    for (int i = 0; i < dims.length; i++) {
      if (known.hasRank() && known.dim(i).isConstant()) {
        dims[i] = Math.toIntExact(known.dim(i).value());
      } else if (target[i] == -1) {
        left = i;
        continue;
      } else if (target[i] == 0 && !allowZero && i < from.rank()) {
        dims[i] = from.dim(i);
      } else {
        dims[i] = Math.toIntExact(target[i]);
      }
      product *= dims[i];
    }
    if (left >= 0) {
      dims[left] = product == 0 ? 0 : (int) (from.size() / product);
    }
    return dims;
  }
}
