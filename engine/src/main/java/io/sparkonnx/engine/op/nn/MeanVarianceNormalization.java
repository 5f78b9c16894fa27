package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.List;

/**
 * MeanVarianceNormalization: (X − mean)/(√var + 1e−9), mean and variance over the given axes. Sums
 * run in double, ascending, and each element is rounded once.
 *
 * @param axes axes to reduce over, may count from the end; not to be changed
 */
record MeanVarianceNormalization(long[] axes) implements Operator {
  private static final double EPSILON = 1e-9;

  static MeanVarianceNormalization of(Attributes attributes) {
    long[] axes = attributes.integers("axes");
    return new MeanVarianceNormalization(axes == null ? new long[] {0, 2, 3} : axes);
  }

  @Override
  public String type() {
    return "MeanVarianceNormalization";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    Shape x = context.shape(0);
    if (x.hasRank()) {
      for (long axis : axes) {
        context.axis(axis, x.rank());
      }
    }
    return List.of(ValueInfo.of(type, x));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    Shape x = context.input(0).shape();
    return x.hasRank()
        ? context.keepsAxis(positive(x.rank()))
        : context.coupled("a shape of unknown rank");
  }

  private int[] positive(int rank) {
    return Arrays.stream(axes).mapToInt(axis -> TrailingAxes.axis(axis, rank)).toArray();
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape x = inputs.get(0).shape();
    return x.hasRank() ? x.size().times(6) : Dim.ZERO;
  }

  @Override
  public Step prepare(Preparation preparation) {
    return HalfPrecision.isHalf(preparation.input(0).element())
        ? HalfPrecision.prepare(preparation, p -> this::run)
        : this::run;
  }

  private void run(StepContext context) {
    Tensor x = context.input(0);
    Tensor y = context.output(0);
    int[] groups = groups(x);
    int count = Arrays.stream(groups).max().orElse(-1) + 1;
    double[] means = new double[count];
    double[] deviations = new double[count];
    int[] sizes = new int[count];
    for (int i = 0; i < groups.length; i++) {
      means[groups[i]] += x.doubleAt(i);
      sizes[groups[i]]++;
    }
    for (int g = 0; g < count; g++) {
      means[g] /= sizes[g];
    }
    for (int i = 0; i < groups.length; i++) {
      double centred = x.doubleAt(i) - means[groups[i]];
      deviations[groups[i]] += centred * centred;
    }
    for (int g = 0; g < count; g++) {
      deviations[g] = StrictMath.sqrt(deviations[g] / sizes[g]) + EPSILON;
    }
    for (int i = 0; i < groups.length; i++) {
      store(y, i, (x.doubleAt(i) - means[groups[i]]) / deviations[groups[i]]);
    }
  }

  private static void store(Tensor y, int index, double value) {
    if (y instanceof DoubleTensor doubles) {
      doubles.array()[y.offset() + index] = value;
    } else {
      ((FloatTensor) y).array()[y.offset() + index] = (float) value;
    }
  }

  /** For each element, the number of the group it is normalised in. */
  private int[] groups(Tensor x) {
    boolean[] reduced = new boolean[x.rank()];
    for (int axis : positive(x.rank())) {
      reduced[axis] = true;
    }
    int[] groups = new int[x.size()];
    int block = 1;
    int step = 1;
    for (int axis = x.rank() - 1; axis >= 0; axis--) {
      if (!reduced[axis]) {
        for (int i = 0; i < groups.length; i++) {
          groups[i] += i / block % x.dim(axis) * step;
        }
        step *= x.dim(axis);
      }
      block *= x.dim(axis);
    }
    return groups;
  }
}
