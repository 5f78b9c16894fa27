package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.List;

/**
 * LabelEncoder and CategoryMapper: each element replaced by the value that belongs to it as a key,
 * or by a default. Two tables stand for the forms that map both ways, and the input's type picks
 * one.
 *
 * @param type operator name
 * @param tables by key type
 */
record LabelEncoder(String type, List<Table> tables) implements Operator {

  /**
   * Keys and their values.
   *
   * @param keys of the input's type
   * @param values one for each key, and the default behind them
   */
  record Table(KeyIndex keys, Tensor values) {}

  /** Strings to their positions and back. */
  static LabelEncoder ofClasses(Attributes attributes) {
    Tensor names = strings(attributes, "classes_strings");
    if (names == null) {
      throw attributes.error("attribute 'classes_strings' is missing");
    }
    long[] positions = new long[names.size()];
    Arrays.setAll(positions, i -> i);
    return bothWays(attributes, "LabelEncoder", names, Tensor.of(positions, positions.length));
  }

  /** CategoryMapper: pairs of strings and integers. */
  static LabelEncoder ofCategories(Attributes attributes) {
    Tensor names = strings(attributes, "cats_strings");
    Tensor numbers = integers(attributes, "cats_int64s");
    if (names == null || numbers == null || names.size() != numbers.size()) {
      throw attributes.error(
          "cats_strings and cats_int64s must be given and have as many elements");
    }
    return bothWays(attributes, "CategoryMapper", names, numbers);
  }

  private static LabelEncoder bothWays(
      Attributes attributes, String type, Tensor names, Tensor numbers) {
    Tensor noNumber = Tensor.of(new long[] {attributes.integer("default_int64", -1)}, 1);
    Tensor noName = Tensor.of(new String[] {attributes.string("default_string", "_Unused")}, 1);
    return new LabelEncoder(
        type,
        List.of(
            new Table(new KeyIndex(names), Tensors.join(numbers, noNumber)),
            new Table(new KeyIndex(numbers), Tensors.join(names, noName))));
  }

  /** A list of keys and a list of values, each as one of several attributes. */
  static LabelEncoder ofPairs(Attributes attributes) {
    Tensor keys = list(attributes, "keys");
    Tensor values = list(attributes, "values");
    if (keys.size() != values.size()) {
      throw attributes.error(keys.size() + " keys but " + values.size() + " values");
    }
    Tensor otherwise = attributes.tensor("default_tensor");
    if (otherwise == null) {
      otherwise =
          switch (values.type()) {
            case STRING ->
                Tensor.of(new String[] {attributes.string("default_string", "_Unused")}, 1);
            case INT64 -> Tensor.of(new long[] {attributes.integer("default_int64", -1)}, 1);
            case FLOAT -> Tensor.of(new float[] {attributes.real("default_float", -0f)}, 1);
            case DOUBLE -> Tensor.of(new double[] {-0.0}, 1);
            case INT32 -> Tensor.of(new int[] {-1}, 1);
            default -> Tensor.wrap(ElementType.INT16, new short[] {-1}, 0, 1);
          };
    }
    if (otherwise.type() != values.type() || otherwise.size() != 1) {
      throw attributes.error("default_tensor is " + otherwise + ", expected one " + values.type());
    }
    Table table = new Table(new KeyIndex(keys), Tensors.join(values, otherwise));
    return new LabelEncoder("LabelEncoder", List.of(table));
  }

  private static Tensor list(Attributes attributes, String name) {
    Tensor found = attributes.tensor(name + "_tensor");
    if (found == null) {
      found = strings(attributes, name + "_strings");
    }
    if (found == null) {
      found = integers(attributes, name + "_int64s");
    }
    float[] reals = attributes.reals(name + "_floats");
    if (found == null && reals != null && reals.length > 0) {
      found = Tensor.of(reals, reals.length);
    }
    if (found == null) {
      throw attributes.error("there are no " + name);
    }
    return switch (found.type()) {
      case STRING, INT64, INT32, INT16, FLOAT, DOUBLE -> found;
      default -> throw attributes.error(name + "_tensor is " + found.type());
    };
  }

  private static Tensor strings(Attributes attributes, String name) {
    List<String> strings = attributes.strings(name);
    return strings == null || strings.isEmpty()
        ? null
        : Tensor.of(strings.toArray(String[]::new), strings.size());
  }

  private static Tensor integers(Attributes attributes, String name) {
    long[] integers = attributes.integers(name);
    return integers == null || integers.length == 0 ? null : Tensor.of(integers, integers.length);
  }

  private Table table(ElementType input) {
    return tables.stream().filter(table -> table.keys().type() == input).findFirst().orElse(null);
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Table table = table(context.element(0));
    if (table == null) {
      throw context.error(
          "X is " + context.element(0) + " but keys are " + tables.get(0).keys().type());
    }
    return List.of(ValueInfo.of(table.values().type(), context.shape(0)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.all(context.axis(0));
  }

  @Override
  public Step prepare(Preparation preparation) {
    Table table = table(preparation.input(0).element());
    return context -> run(context, table);
  }

  private static void run(StepContext context, Table table) {
    Tensor x = context.input(0);
    int[] found = context.scratch().ints(x.size());
    table.keys().findAll(x, found, table.keys().size());
    if (table.values().type() == ElementType.STRING) {
      Picking.write(context, 0, table.values(), found, x.dims());
    } else {
      Picking.numbers(table.values(), found, context.output(0));
    }
  }
}
