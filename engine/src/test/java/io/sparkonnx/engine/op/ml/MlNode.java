package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.KernelProvider;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.Evaluation;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.OperatorTable;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One node of {@code ai.onnx.ml} under test, called {@code 'it'} in messages. */
public final class MlNode {
  private static final OperatorTable TABLE = new OperatorTable();

  static {
    MlOperators.register(TABLE);
  }

  private final String type;
  private final int version;
  private final Map<String, Object> attributes = new HashMap<>();
  private int outputs = 1;

  private MlNode(String type, int version) {
    this.type = type;
    this.version = version;
  }

  public static MlNode of(String type, int version) {
    return new MlNode(type, version);
  }

  public static MlNode of(String type) {
    return of(type, 1);
  }

  /** A classifier, with labels and scores as outputs. */
  public static MlNode classifier(String type) {
    MlNode node = of(type, 1);
    node.outputs = 2;
    return node;
  }

  public MlNode with(String name, Object value) {
    attributes.put(name, value);
    return this;
  }

  public MlNode reals(String name, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return with(name, floats);
  }

  public MlNode integers(String name, long... values) {
    return with(name, values);
  }

  public MlNode strings(String name, String... values) {
    return with(name, List.of(values));
  }

  /** Name, value, name, value, … for a model builder. */
  public Object[] attributes() {
    List<Object> all = new ArrayList<>();
    attributes.forEach(
        (name, value) -> {
          all.add(name);
          all.add(value instanceof List<?> texts ? texts.toArray(String[]::new) : value);
        });
    return all.toArray();
  }

  public String type() {
    return type;
  }

  public int outputs() {
    return outputs;
  }

  Operator operator() {
    return TABLE
        .find(OperatorTable.ML, type, version)
        .create(new Attributes(label(), attributes, outputs));
  }

  private String label() {
    return type + " 'it'";
  }

  List<OnnxValue> all(Kernels kernels, OnnxValue... inputs) {
    return Evaluation.run(label(), operator(), kernels, Arrays.asList(inputs), outputs);
  }

  List<OnnxValue> all(OnnxValue... inputs) {
    return all(KernelProvider.scalar(), inputs);
  }

  OnnxValue run(OnnxValue... inputs) {
    return all(inputs).get(0);
  }

  /** The first output's floats. */
  float[] floats(OnnxValue... inputs) {
    return ((FloatTensor) run(inputs)).toArray();
  }

  /** The first output's integers. */
  long[] longs(OnnxValue... inputs) {
    return ((LongTensor) run(inputs)).toArray();
  }

  /** The first output's strings. */
  String[] texts(OnnxValue... inputs) {
    return ((StringTensor) run(inputs)).toArray();
  }

  /** A classifier's scores. */
  float[] scores(OnnxValue... inputs) {
    return ((FloatTensor) all(inputs).get(1)).toArray();
  }

  List<ValueInfo> infer(ValueInfo... inputs) {
    int[] count = {0};
    return operator()
        .infer(
            new InferenceContext(
                label(), Arrays.asList(inputs), outputs, () -> Dim.symbol("?" + count[0]++)));
  }

  /** Where the batch, counted by the symbol {@code n}, is in the outputs. */
  List<BatchAxis> batch(List<BatchAxis> axes, ValueInfo... inputs) {
    return operator()
        .batch(new BatchContext(label(), "n", axes, Arrays.asList(inputs), infer(inputs)));
  }

  /** A column of features. */
  static Tensor column(double... values) {
    return matrix(1, values);
  }

  /** Rows of features. */
  static Tensor matrix(int columns, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.of(floats, values.length / columns, columns);
  }
}
