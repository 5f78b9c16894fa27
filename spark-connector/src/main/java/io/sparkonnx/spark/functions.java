package io.sparkonnx.spark;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.named_struct;

import io.sparkonnx.spark.image.OnnxImageBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;

/** Column functions, to be imported statically. */
public final class functions {
  private functions() {}

  /**
   * The model's output for each row.
   *
   * @param path the model's location, short name or name in the zoo, as {@link OnnxModel#load}
   *     takes it
   * @param inputs the model's inputs in its order; or one struct whose fields carry the inputs'
   *     names; or, for a model with one input [N, F], F numeric columns
   * @return the output as a column; a struct of all outputs where there are several
   */
  public static Column onnxPredict(String path, Column... inputs) {
    return call(OnnxExtensions.FUNCTION, lit(path), List.of(inputs));
  }

  /** {@link #onnxPredict(String, Column...)} with options. */
  public static Column onnxPredict(String path, OnnxOptions options, Column... inputs) {
    return call(OnnxExtensions.FUNCTION, lit(path), options.appendedTo(inputs));
  }

  /** {@link #onnxPredict(String, Column...)} with the very bytes that the handle has seen. */
  public static Column onnxPredict(OnnxModel model, Column... inputs) {
    return call(OnnxExtensions.FUNCTION, pinned(model), List.of(inputs));
  }

  /** {@link #onnxPredict(OnnxModel, Column...)} with options. */
  public static Column onnxPredict(OnnxModel model, OnnxOptions options, Column... inputs) {
    return call(OnnxExtensions.FUNCTION, pinned(model), options.appendedTo(inputs));
  }

  /** {@link #onnxPredict(String, Column...)} that is NULL for a row that the model cannot take. */
  public static Column tryOnnxPredict(String path, Column... inputs) {
    return call(OnnxExtensions.TRY_FUNCTION, lit(path), List.of(inputs));
  }

  /** {@link #tryOnnxPredict(String, Column...)} with options. */
  public static Column tryOnnxPredict(String path, OnnxOptions options, Column... inputs) {
    return call(OnnxExtensions.TRY_FUNCTION, lit(path), options.appendedTo(inputs));
  }

  /** {@link #tryOnnxPredict(String, Column...)} with the very bytes that the handle has seen. */
  public static Column tryOnnxPredict(OnnxModel model, Column... inputs) {
    return call(OnnxExtensions.TRY_FUNCTION, pinned(model), List.of(inputs));
  }

  /** {@link #tryOnnxPredict(OnnxModel, Column...)} with options. */
  public static Column tryOnnxPredict(OnnxModel model, OnnxOptions options, Column... inputs) {
    return call(OnnxExtensions.TRY_FUNCTION, pinned(model), options.appendedTo(inputs));
  }

  /**
   * An image as an array of floats that a model takes; an image that does not decode fails the
   * task.
   *
   * @param image the bytes of a PNG, JPEG, GIF or BMP file, or a struct of Spark's image source
   * @param height rows that it is resized to, bilinearly and without regard to the ratio
   * @param width columns that it is resized to
   * @param layout {@code NCHW} or {@code NHWC}
   * @param mean of each channel: one for gray, three for red, green, blue
   * @param std of each channel; an element is (sample / 255 - mean) / std
   */
  public static Column onnxImage(
      Column image, int height, int width, String layout, double[] mean, double[] std) {
    return image(OnnxImageBuilder.FUNCTION, image, height, width, layout, mean, std);
  }

  /** {@link #onnxImage} that gives NULL for an image that does not decode. */
  public static Column tryOnnxImage(
      Column image, int height, int width, String layout, double[] mean, double[] std) {
    return image(OnnxImageBuilder.TRY_FUNCTION, image, height, width, layout, mean, std);
  }

  private static Column image(
      String function,
      Column image,
      int height,
      int width,
      String layout,
      double[] mean,
      double[] std) {
    return call_function(
        function, image, lit(height), lit(width), lit(layout), numbers(mean), numbers(std));
  }

  private static Column numbers(double[] values) {
    return org.apache.spark.sql.functions.array(
        Arrays.stream(values).mapToObj(org.apache.spark.sql.functions::lit).toArray(Column[]::new));
  }

  private static Column pinned(OnnxModel model) {
    return named_struct(lit("path"), lit(model.location()), lit("sha256"), lit(model.sha256()));
  }

  private static Column call(String function, Column model, List<Column> inputs) {
    List<Column> arguments = new ArrayList<>();
    arguments.add(model);
    arguments.addAll(inputs);
    return call_function(function, arguments.toArray(Column[]::new));
  }
}
