package io.sparkonnx.benchmarks;

import static org.apache.spark.sql.functions.col;

import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A case's rows as the batches of tensors that the engine takes. */
final class Batches {
  private static final int ROWS = 4096;

  private Batches() {}

  static List<Map<String, OnnxValue>> read(SparkSession session, BenchmarkCase benchmark) {
    Column[] columns = benchmark.columns().stream().map(name -> col(name)).toArray(Column[]::new);
    Iterator<Row> rows =
        session.read().parquet(benchmark.rowsFile()).select(columns).toLocalIterator();
    List<Map<String, OnnxValue>> batches = new ArrayList<>();
    List<Row> batch = new ArrayList<>();
    while (rows.hasNext()) {
      batch.add(rows.next());
      if (batch.size() == ROWS || !rows.hasNext()) {
        batches.add(tensors(benchmark, batch));
        batch.clear();
      }
    }
    return batches;
  }

  private static Map<String, OnnxValue> tensors(BenchmarkCase benchmark, List<Row> rows) {
    Map<String, OnnxValue> tensors = new LinkedHashMap<>();
    if (benchmark.form().equals("struct")) {
      for (int i = 0; i < benchmark.inputs().size(); i++) {
        tensors.put(benchmark.inputs().get(i), column(rows, i));
      }
      return tensors;
    }
    int width = benchmark.width();
    float[] values = new float[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      copy(benchmark.form(), rows.get(i), values, i * width, width);
    }
    int[] dims = new int[benchmark.shape().size() + 1];
    dims[0] = rows.size();
    for (int i = 1; i < dims.length; i++) {
      dims[i] = benchmark.shape().get(i - 1);
    }
    tensors.put(benchmark.inputs().get(0), Tensor.of(values, dims));
    return tensors;
  }

  private static Tensor column(List<Row> rows, int index) {
    if (rows.get(0).get(index) instanceof String) {
      String[] texts = rows.stream().map(row -> row.getString(index)).toArray(String[]::new);
      return Tensor.of(texts, rows.size(), 1);
    }
    float[] numbers = new float[rows.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = rows.get(i).getFloat(index);
    }
    return Tensor.of(numbers, rows.size(), 1);
  }

  private static void copy(String form, Row row, float[] values, int at, int width) {
    switch (form) {
      case "array" -> {
        List<Float> elements = row.getList(0);
        for (int i = 0; i < width; i++) {
          values[at + i] = elements.get(i);
        }
      }
      case "binary" ->
          ByteBuffer.wrap((byte[]) row.get(0))
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer()
              .get(values, at, width);
      default -> {
        for (int i = 0; i < width; i++) {
          values[at + i] = row.getFloat(i);
        }
      }
    }
  }
}
