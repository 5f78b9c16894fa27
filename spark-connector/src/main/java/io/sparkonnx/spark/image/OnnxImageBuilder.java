package io.sparkonnx.spark.image;

import io.sparkonnx.spark.bind.OnnxCondition;
import io.sparkonnx.spark.bind.Positions;
import io.sparkonnx.spark.plan.Sequences;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/** Makes the expression of {@code onnx_image(col, height, width, layout, mean, std)}. */
public final class OnnxImageBuilder extends AbstractFunction1<Seq<Expression>, Expression> {
  /** Fails for an image that does not decode. */
  public static final String FUNCTION = "onnx_image";

  /** Gives NULL for an image that does not decode. */
  public static final String TRY_FUNCTION = "try_onnx_image";

  private static final String PARAMETERS = "(image, height, width, layout, mean, std)";

  private static final String USAGE =
      "_FUNC_"
          + PARAMETERS
          + " - Decodes an image, resizes it and returns"
          + " its elements as an array of floats for a model's input.";

  private static final String ARGUMENTS =
      """

          Arguments:
            * image - the bytes of a PNG, JPEG, GIF or BMP file, or a struct of Spark's image source
            * height, width - size of the model's input; bilinear, without regard to the ratio
            * layout - 'NCHW' for one plane after the other, 'NHWC' for the channels of a pixel
            * mean, std - arrays of one number for gray, of three for red, green, blue; an element
                is (sample / 255 - mean) / std
      """;

  private static final String EXAMPLES =
      """

          Examples:
            > SELECT onnx_predict('resnet.onnx', _FUNC_(content, 224, 224, 'NCHW',
                array(0.485, 0.456, 0.406), array(0.229, 0.224, 0.225))) FROM images;
             [0.01,0.93,0.06]
      """;

  private final String name;

  private OnnxImageBuilder(String name) {
    this.name = name;
  }

  /** Adds both functions to a session. */
  public static void register(SparkSessionExtensions extensions) {
    for (String name : List.of(FUNCTION, TRY_FUNCTION)) {
      ExpressionInfo info =
          new ExpressionInfo(
              OnnxImage.class.getName(),
              null,
              name,
              name.equals(FUNCTION)
                  ? USAGE
                  : USAGE.replace("input.", "input; NULL where it does not decode."),
              ARGUMENTS,
              EXAMPLES,
              "",
              "misc_funcs",
              "4.2.0",
              "",
              "built-in");
      extensions.injectFunction(
          Tuple3.apply(new FunctionIdentifier(name), info, new OnnxImageBuilder(name)));
    }
  }

  @Override
  public Expression apply(Seq<Expression> expressions) {
    List<Expression> arguments = Sequences.list(expressions).stream().map(this::unnamed).toList();
    Positions.require(name, arguments, PARAMETERS + " is the order");
    if (arguments.size() != 6) {
      throw OnnxCondition.ONNX_ARGUMENTS.raise(
          name
              + PARAMETERS
              + " takes 6 arguments, "
              + arguments.size()
              + (arguments.size() == 1 ? " is" : " are")
              + " given");
    }
    Expression image = arguments.get(0);
    List<String> problems = new ArrayList<>();
    if (!(image.dataType() instanceof BinaryType) && !SparkImage.isType(image.dataType())) {
      problems.add(
          "image "
              + image.sql()
              + " has type "
              + image.dataType().sql()
              + "; an encoded image's binary or a struct of Spark's image source is needed");
    }
    int height = size(arguments.get(1), "height", problems);
    int width = size(arguments.get(2), "width", problems);
    boolean channelsFirst = channelsFirst(arguments.get(3), problems);
    List<Double> mean = channels(arguments.get(4), "mean", problems);
    List<Double> std = channels(arguments.get(5), "std", problems);
    if (mean.size() != std.size()) {
      problems.add("mean has " + mean.size() + " numbers and std " + std.size());
    }
    if (std.contains(0.0)) {
      problems.add("std holds 0");
    }
    if (!problems.isEmpty()) {
      throw OnnxCondition.ONNX_ARGUMENTS.raise(name + ": " + String.join("; ", problems));
    }
    ImageTensor tensor = new ImageTensor(height, width, channelsFirst, mean, std);
    return new OnnxImage(
        new ImageFunction(name, image.sql(), tensor, name.equals(TRY_FUNCTION)), image);
  }

  private Expression unnamed(Expression argument) {
    return argument instanceof Alias alias ? alias.child() : argument;
  }

  private static Object constant(
      Expression argument, String parameter, DataType type, List<String> problems) {
    Cast cast = new Cast(argument, type, Option.apply("UTC"), EvalMode.ANSI());
    if (argument.foldable() && cast.checkInputDataTypes().isSuccess()) {
      Object value = cast.eval(InternalRow.empty());
      if (value != null) {
        return value;
      }
    }
    problems.add(
        parameter + " is " + argument.sql() + "; a constant of type " + type.sql() + " is needed");
    return null;
  }

  private static int size(Expression argument, String parameter, List<String> problems) {
    Object value = constant(argument, parameter, DataTypes.IntegerType, problems);
    if (value instanceof Integer size && (size < 1 || size > 1 << 14)) {
      problems.add(parameter + " is " + size + "; 1 to " + (1 << 14) + " is possible");
    }
    return value instanceof Integer size ? size : 1;
  }

  private static boolean channelsFirst(Expression argument, List<String> problems) {
    Object value = constant(argument, "layout", DataTypes.StringType, problems);
    String layout = value == null ? "NCHW" : value.toString().toUpperCase(Locale.ROOT);
    if (!layout.equals("NCHW") && !layout.equals("NHWC")) {
      problems.add("layout is " + argument.sql() + "; 'NCHW' or 'NHWC' is needed");
    }
    return layout.equals("NCHW");
  }

  private static List<Double> channels(
      Expression argument, String parameter, List<String> problems) {
    DataType type = DataTypes.createArrayType(DataTypes.DoubleType);
    if (!(constant(argument, parameter, type, problems) instanceof ArrayData array)) {
      return List.of();
    }
    boolean holdsNull = false;
    for (int i = 0; i < array.numElements(); i++) {
      holdsNull |= array.isNullAt(i) || !Double.isFinite(array.getDouble(i));
    }
    if (holdsNull || (array.numElements() != 1 && array.numElements() != 3)) {
      problems.add(
          parameter + " is " + argument.sql() + "; 1 number for gray or 3 for colours are needed");
      return List.of();
    }
    return Arrays.stream(array.toDoubleArray()).map(value -> value + 0.0).boxed().toList();
  }
}
