package io.sparkonnx.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/** Column functions, to be imported statically. */
public final class functions {
  private functions() {}

  /**
   * The model's output for each row.
   *
   * @param path the model's path or URI for Hadoop's file systems
   * @param inputs the model's inputs in its order; or one struct whose fields carry the inputs'
   *     names; or, for a model with one input [N, F], F numeric columns
   * @return the output as a column; a struct of all outputs where there are several
   */
  public static Column onnxPredict(String path, Column... inputs) {
    return call(org.apache.spark.sql.functions.lit(path), inputs);
  }

  /** {@link #onnxPredict(String, Column...)} with the very bytes that the handle has seen. */
  public static Column onnxPredict(OnnxModel model, Column... inputs) {
    Column pinned =
        org.apache.spark.sql.functions.named_struct(
            org.apache.spark.sql.functions.lit("path"),
            org.apache.spark.sql.functions.lit(model.location()),
            org.apache.spark.sql.functions.lit("sha256"),
            org.apache.spark.sql.functions.lit(model.sha256()));
    return call(pinned, inputs);
  }

  private static Column call(Column model, Column... inputs) {
    List<Column> arguments = new ArrayList<>();
    arguments.add(model);
    arguments.addAll(List.of(inputs));
    return org.apache.spark.sql.functions.call_function(
        OnnxExtensions.FUNCTION, arguments.toArray(Column[]::new));
  }
}
