package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.bind.OutputSlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** The results of a batch, from as many runs as it took. */
final class RunResults {
  private final BoundCall call;
  private final ResultVectors results;
  private int[] positions;
  private final List<List<ColumnVector>> chunks = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();
  private int filled;
  private boolean inOrder = true;

  /** Errors by the rows of the batch that have one. */
  private final Map<Integer, String> errors = new HashMap<>();

  /**
   * @param rows rows of the batch at most
   */
  RunResults(BoundCall call, int rows) {
    this.call = call;
    this.results = new ResultVectors(call);
    this.positions = new int[rows];
    Arrays.fill(positions, ScatteredVector.NONE);
    call.outputs().forEach(output -> chunks.add(new ArrayList<>()));
  }

  /**
   * Takes a run's outputs.
   *
   * @param rows the rows of the batch that the run had
   * @param lengths of the rows' own sequences where these were padded, else null
   */
  void add(Map<String, OnnxValue> values, int[] rows, int[] lengths) {
    List<OutputSlot> outputs = call.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      OutputSlot output = outputs.get(i);
      OnnxValue value = values.get(output.output());
      chunks.get(i).add(results.of(output, value, rows.length, lengths));
    }
    for (int row : rows) {
      inOrder &= row == filled;
      positions[row] = filled++;
    }
    ends.add(filled);
  }

  /**
   * Takes the error of a row without outputs.
   *
   * @param row of the batch
   */
  void addError(int row, String error) {
    errors.put(row, error);
  }

  /**
   * One value for each row of the batch.
   *
   * @param rows rows of the batch; those that no run had are NULL
   */
  ColumnVector column(int rows) {
    if (rows < positions.length) {
      positions = Arrays.copyOf(positions, rows);
    }
    int[] chunkEnds = ends.stream().mapToInt(Integer::intValue).toArray();
    List<ColumnVector> columns = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      columns.add(placed(joined(call.outputs().get(i).type(), chunks.get(i), chunkEnds)));
    }
    ColumnVector outputs =
        columns.size() == 1
            ? columns.get(0)
            : new StructVector(call.outputType(), columns, isWhole() ? null : positions);
    return call.options().errors()
        ? new StructVector(call.resultType(), List.of(outputs, new ErrorVector(errors, rows)), null)
        : outputs;
  }

  private boolean isWhole() {
    return filled == positions.length;
  }

  private ColumnVector placed(ColumnVector results) {
    return isWhole() && inOrder ? results : new ScatteredVector(results, positions, !isWhole());
  }

  private static ColumnVector joined(DataType type, List<ColumnVector> chunks, int[] ends) {
    return chunks.size() == 1 ? chunks.get(0) : new ChunkedVector(type, chunks, ends);
  }
}
