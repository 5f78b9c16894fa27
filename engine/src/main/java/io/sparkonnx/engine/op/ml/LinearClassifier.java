package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.Divisible;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * LinearClassifier: a linear function for each class, or a single one between two classes, whose
 * second one wins where the function is positive.
 *
 * @param type operator name
 * @param scores the functions
 * @param classes labels and final scores
 */
record LinearClassifier(String type, LinearScores scores, ClassScores classes)
    implements Divisible {

  static LinearClassifier of(Attributes attributes) {
    Labels labels = Labels.of(attributes, "classlabels_ints", "classlabels_strings");
    float[] intercepts = attributes.reals("intercepts");
    boolean known = intercepts != null && intercepts.length > 0;
    int targets = known ? intercepts.length : labels.size();
    LinearScores scores = LinearScores.of(attributes, targets);
    boolean single = targets == 1 && labels.size() == 2;
    if (targets != labels.size() && !single) {
      throw attributes.error(targets + " intercepts for " + labels.size() + " class labels");
    }
    return new LinearClassifier(
        "LinearClassifier",
        scores,
        new ClassScores(
            labels,
            single ? SingleScore.PROBABILITY : null,
            0f,
            PostTransform.of(attributes),
            false));
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Features.requireNumbers(context);
    scores.infer(context);
    return classes.infer(context, scores.layout());
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Features.batch(context, scores.layout());
  }

  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    return LayoutVariant.firstInput(
        new LinearClassifier(type, scores.inLayout(layout), classes), layout, 1);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return outputs.get(0).shape().size().times(2L * scores.coefficients().length);
  }

  @Override
  public void divide(DeviceParts parts) {
    DeviceParts.Source raw = scores.source(parts);
    if (raw != null) {
      classes.divide(parts, raw);
    }
  }

  @Override
  public Step prepare(Preparation preparation) {
    GemmKernel.PackedB packed =
        scores.pack(preparation.kernels().gemm(), preparation.input(0).shape());
    Epilogue epilogue = scores.epilogue();
    return context -> run(context, packed, epilogue);
  }

  private void run(StepContext context, GemmKernel.PackedB packed, Epilogue epilogue) {
    Features.checkColumns(context, scores.layout(), packed.k());
    int rows = Features.rows(context.input(0), scores.layout());
    Features x = Features.of(context, scores.layout(), classes.extra(context, rows));
    ClassScores.Place place = classes.place(context, rows);
    LinearScores.run(context, x, packed, epilogue, place.array(), place.offset());
    classes.finish(context, place, rows);
  }
}
