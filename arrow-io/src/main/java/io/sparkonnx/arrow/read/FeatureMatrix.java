package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.RowMask;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;

/**
 * F columns of numbers as one input [N, F]. Blocks of rows go through all columns, so that the
 * block stays in the cache while it is filled with strides. Every number becomes FLOAT or DOUBLE;
 * other targets take columns of their own type alone.
 */
public final class FeatureMatrix {
  /** Elements of a block: 128 KiB of floats. */
  private static final int BLOCK = 1 << 15;

  private final ElementType target;
  private final List<NumberReader> columns;
  private final List<Scatter> scatters;
  private final int blockRows;

  /** Array elements of one column into every {@code stride}th element of a row-major array. */
  interface Scatter {
    void scatter(Object from, int rows, Object to, int at, int stride);
  }

  /**
   * Rows of the matrix.
   *
   * @param tensor [N, F] of the target type; an element that is NULL or overflowed means nothing
   * @param nulls for each column, the rows that are NULL
   * @param overflows rows in which a finite number became infinite
   */
  public record Rows(Tensor tensor, List<RowMask> nulls, RowMask overflows) {}

  /**
   * A matrix over vectors whose batches may be reloaded between calls.
   *
   * @throws OnnxException if a column has no numbers, or other numbers than an integer target's
   */
  public FeatureMatrix(ElementType target, List<? extends FieldVector> vectors) {
    this.target = target;
    this.columns = vectors.stream().map(vector -> reader(target, vector)).toList();
    this.scatters =
        columns.stream().map(column -> Conversions.scatter(column.type(), target)).toList();
    this.blockRows = Math.max(16, BLOCK / Math.max(1, columns.size()));
  }

  private static NumberReader reader(ElementType target, FieldVector vector) {
    ElementType type =
        vector.getField().getDictionary() == null ? NumberReader.elementType(vector) : null;
    boolean real = target == ElementType.FLOAT || target == ElementType.DOUBLE;
    if (type == null || (!real && type != target)) {
      throw new OnnxException(
          OnnxException.Code.INVALID_INPUT,
          String.format(
              Locale.ROOT,
              "column '%s' must hold %s, not Arrow's %s",
              vector.getName(),
              real ? "numbers" : target,
              vector.getField().getType()));
    }
    return new NumberReader(vector);
  }

  /** Rows {@code [from, from + rows)} in an array of their own. */
  public Rows read(int from, int rows) {
    Tensor tensor = Tensor.allocate(target, rows, columns.size());
    RowMask overflows = read(from, rows, tensor.array(), 0);
    List<RowMask> nulls = columns.stream().map(column -> column.nulls(from, rows)).toList();
    return new Rows(tensor, nulls, overflows);
  }

  /**
   * Copies rows {@code [from, from + rows)} into an array of the target's storage, row-major from
   * {@code at} on.
   *
   * @return the rows in which a finite number became infinite
   */
  public RowMask read(int from, int rows, Object array, int at) {
    int width = columns.size();
    BitSet overflows = new BitSet();
    Object[] scratch = IntStream.range(0, width).mapToObj(c -> scratch(c, rows)).toArray();
    for (int first = 0; first < rows; first += blockRows) {
      int count = Math.min(blockRows, rows - first);
      int block = at + first * width;
      for (int c = 0; c < width; c++) {
        columns.get(c).copy(from + first, count, scratch[c], 0);
        scatters.get(c).scatter(scratch[c], count, array, block + c, width);
        if (target == ElementType.FLOAT && columns.get(c).type() == ElementType.DOUBLE) {
          markOverflows(
              (double[]) scratch[c], count, from + first, columns.get(c), first, overflows);
        }
      }
    }
    return RowMask.of(rows, overflows);
  }

  private static void markOverflows(
      double[] values, int rows, int from, NumberReader column, int first, BitSet overflows) {
    for (int i = 0; i < rows; i++) {
      if (Float.isInfinite((float) values[i])
          && !Double.isInfinite(values[i])
          && !column.nulls(from + i, 1).contains(0)) {
        overflows.set(first + i);
      }
    }
  }

  private Object scratch(int column, int rows) {
    int length = Math.min(blockRows, rows);
    return switch (columns.get(column).type().storage()) {
      case FLOAT -> new float[length];
      case DOUBLE -> new double[length];
      case INT -> new int[length];
      case LONG -> new long[length];
      case SHORT -> new short[length];
      case BYTE, STRING -> new byte[length];
    };
  }
}
