package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.op.elementwise.FollowedContents;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/** ReduceSum, ReduceMean and their kin: one number for each set of elements along some axes. */
record Reduce(String type, Reduction f, ReducedAxes axes, boolean keepDims) implements Operator {

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = context.element(0);
    if (!f.takes(element)) {
      throw context.error("input 0 is " + element + ", expected a numeric type");
    }
    Shape shape = context.shape(0);
    if (!shape.hasRank()) {
      return List.of(ValueInfo.of(element, Shape.UNKNOWN));
    }
    boolean[] reduced = axes.of(context, shape.rank());
    if (reduced == null) {
      return List.of(ValueInfo.of(element, unknownAxes(context, shape)));
    }
    Dim contents = contents(context, shape, reduced);
    return List.of(
        contents == null
            ? ValueInfo.of(element, reducedShape(shape, reduced))
            : ValueInfo.ofContents(element, !keepDims, List.of(contents)));
  }

  private Shape unknownAxes(InferenceContext context, Shape shape) {
    if (keepDims) {
      return context.freshShape(shape.rank());
    }
    Shape given = context.shape(1);
    boolean counted = given.hasRank() && given.rank() == 1 && given.dim(0).isConstant();
    return counted
        ? context.freshShape((int) Math.max(0, shape.rank() - given.dim(0).value()))
        : Shape.UNKNOWN;
  }

  private Shape reducedShape(Shape shape, boolean[] reduced) {
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < reduced.length; i++) {
      if (!reduced[i]) {
        dims.add(shape.dim(i));
      } else if (keepDims) {
        dims.add(Dim.ONE);
      }
    }
    return Shape.of(dims);
  }

  /** The only element of a reduction of a vector of lengths, or null. */
  private Dim contents(InferenceContext context, Shape shape, boolean[] reduced) {
    List<Dim> contents = context.contents(0);
    ElementType element = context.element(0);
    boolean followed = element == ElementType.INT64 || element == ElementType.INT32;
    if (contents == null || !followed || shape.rank() != 1 || !reduced[0] || contents.isEmpty()) {
      return null;
    }
    Dim folded = contents.get(0);
    for (Dim next : contents.subList(1, contents.size())) {
      folded = folded == null ? null : FollowedContents.tell(folded, next, f::ofContents);
    }
    return f.changesSingles() || f == Reduction.MEAN ? null : folded;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    if (!context.axis(0).isRows()) {
      return context.keepsAxis();
    }
    int rank = context.input(0).shape().rank();
    ValueInfo given = context.inputs() > 1 ? context.input(1) : null;
    boolean[] reduced = axes.of(given, rank, IllegalArgumentException::new);
    if (reduced == null) {
      return context.coupled("the axes are not known before the run");
    }
    int axis = context.axis(0).axis();
    if (reduced[axis] || !context.sharedFrom(1)) {
      return context.coupled("works along the batch axis");
    }
    int before = 0;
    for (int i = 0; i < axis; i++) {
      before += reduced[i] && !keepDims ? 1 : 0;
    }
    return context.all(BatchAxis.rows(axis - before));
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return inputs.get(0).shape().hasRank() ? inputs.get(0).shape().size() : Dim.ZERO;
  }

  @Override
  public boolean readsOnHost(int input) {
    return input == 1;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    ValueInfo given = preparation.has(1) ? preparation.inputs().get(1) : null;
    boolean[] reduced = axes.of(given, preparation.rank(0), IllegalArgumentException::new);
    if (reduced == null) {
      return null;
    }
    return reducesNone(reduced) && !f.changesSingles()
        ? DeviceReductions::copy
        : DeviceReductions.step(f, reduced, preparation.inputs().get(0).shape());
  }

  private static boolean reducesNone(boolean[] reduced) {
    boolean none = true;
    for (boolean axis : reduced) {
      none &= !axis;
    }
    return none;
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType element = preparation.input(0).element();
    boolean settled = !preparation.has(1) || preparation.constant(1) != null;
    if (element.isFloatingPoint() && element != ElementType.DOUBLE) {
      FloatReduction floats = new FloatReduction(f, preparation.kernels());
      return step((dims, reduced) -> floats(floats, dims, reduced), settled);
    }
    boolean real = element == ElementType.DOUBLE || f.isReal();
    return step(real ? this::reals : this::integers, settled);
  }

  /** The reduction of input 0 along some axes. */
  private interface Evaluation {
    /** The step for a shape of input 0. */
    Step of(int[] dims, boolean[] reduced);
  }

  /**
   * The step.
   *
   * @param settled whether the axes are the model's, so that they are read once for each shape
   */
  private Step step(Evaluation evaluation, boolean settled) {
    return context -> {
      Step sized = (Step) context.kept();
      if (sized == null) {
        sized = sized(context, evaluation);
        if (settled) {
          context.keep(sized);
        }
      }
      sized.run(context);
    };
  }

  private Step sized(StepContext context, Evaluation evaluation) {
    int[] dims = context.input(0).dims();
    boolean[] reduced = axes.of(context, dims.length);
    return reducesNone(reduced) && !f.changesSingles()
        ? Reduce::copy
        : evaluation.of(dims, reduced);
  }

  private static void copy(StepContext context) {
    Tensor x = context.input(0);
    Tensor y = context.output(0);
    System.arraycopy(x.array(), x.offset(), y.array(), y.offset(), x.size());
  }

  private static Step floats(FloatReduction floats, int[] dims, boolean[] reduced) {
    List<ReductionStage> stages = ReductionStage.of(dims, reduced);
    return context -> floats.run(context, stages);
  }

  private Step reals(int[] dims, boolean[] reduced) {
    ReductionLoop loop = ReductionLoop.of(dims, reduced);
    return context -> DoubleReduction.run(f, loop, context.input(0), context.output(0));
  }

  private Step integers(int[] dims, boolean[] reduced) {
    ReductionLoop loop = ReductionLoop.of(dims, reduced);
    return context -> LongReduction.run(f, loop, context.input(0), context.output(0));
  }
}
