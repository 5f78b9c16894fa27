package io.sparkonnx.spark;

import io.sparkonnx.spark.plan.OnnxPredict;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;

/**
 * What {@code DESCRIBE FUNCTION EXTENDED} says.
 *
 * @param usage one sentence
 * @param note what a row that the model cannot take comes to
 * @param examples calls and their results
 */
record FunctionTexts(String usage, String note, String examples) {
  static final FunctionTexts PREDICT =
      new FunctionTexts(
          """
          _FUNC_(model, input, ...[, options]) - Runs the ONNX model on each row, in batches, and \
          returns its output: a scalar, an array, a map, or a struct of several outputs.""",
          """
          A row that the model cannot take (NULL, a number out of range, an array of the
          wrong length, a value that an operator refuses) fails the query and is named in
          the error; try_onnx_predict gives NULL for it.""",
          """
          > SELECT id, _FUNC_('hdfs:///models/churn.onnx', age, income) FROM customers;
           1  0.73
          > SELECT _FUNC_('m.onnx', named_struct('x', a, 'y', b)) FROM t;
           {"label":1,"probabilities":[0.2,0.8]}
          > SELECT _FUNC_('m.onnx', a, b, named_struct('outputs', 'label')) FROM t;
           1""");

  static final FunctionTexts TRY_PREDICT =
      new FunctionTexts(
          """
          _FUNC_(model, input, ...[, options]) - Runs the ONNX model on each row like \
          onnx_predict, but returns NULL for a row that the model cannot take.""",
          """
          NULL, a number out of range, an array of the wrong length, or a value that an
          operator of the model refuses make a row bad. Other rows of the batch keep their
          results. Limits, a model that cannot be loaded and cancellation are still errors.""",
          """
          > SELECT id, _FUNC_('hdfs:///models/churn.onnx', age, income) FROM customers;
           1  0.73
           2  NULL""");

  private static final String ARGUMENTS =
      """
      * model - a constant string: the location of a model's file or of an MLflow folder, a short
          name that spark.onnx.model.<name> explains, or zoo:name; @sha256:HASH may follow
      * input, ... - the model's inputs in its order; or one struct whose fields carry the
          inputs' names; or, for a model with one input [N, F], F numeric columns
      * options - a constant named_struct after the inputs, with any of
          batch_size: rows of one run at most, instead of spark.onnx.batchSize
          device: 'cpu', 'gpu' or 'auto', instead of spark.onnx.device
          threads: threads of a task, at most and by default spark.task.cpus
          nan_for_null: true makes NULL a NaN in inputs of floating-point numbers, false a bad
            row, instead of spark.onnx.nanForNull
          outputs: the name of an output or an array of names, returned in this order
          batch_coupled: true allows a model whose rows influence each other
          padding: 'mask' pads sequences of different lengths under the model's attention_mask or
            input_mask, 'none' does not, instead of spark.onnx.padding
          with_errors: true makes the result of try_onnx_predict a struct of result and error
      """;

  ExpressionInfo info(String name) {
    return new ExpressionInfo(
        OnnxPredict.class.getName(),
        null,
        name,
        usage,
        "\n    Arguments:\n" + ARGUMENTS.indent(6),
        "\n    Examples:\n" + examples.indent(6),
        note.indent(6) + "  ",
        "misc_funcs",
        "4.2.0",
        "",
        "built-in");
  }
}
