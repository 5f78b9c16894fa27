package io.sparkonnx.spark.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts gathered rows into groups that can run together: rows of one shape, or of one padded length.
 * Groups come in the order of their first rows, and so do the rows of each.
 */
final class RowGroups {
  private static final long PADDED = 1L << 62;

  private final List<InputBuffer> open;
  private final List<InputBuffer> sequences;
  private final Set<Integer> refused = new HashSet<>();
  private final Map<Long, Integer> shapes = new HashMap<>();
  private final Map<Long, Integer> groupOf = new HashMap<>();

  /**
   * @param pads whether sequences are padded
   */
  RowGroups(List<InputBuffer> buffers, boolean pads) {
    this.open = buffers.stream().filter(InputBuffer::isOpen).toList();
    this.sequences =
        pads ? buffers.stream().filter(buffer -> buffer.slot.isSequence()).toList() : List.of();
  }

  /** The groups of the first {@code rows} rows, each as one run. */
  List<RowRun> of(int rows) {
    int[] order = new int[rows];
    if (open.isEmpty()) {
      Arrays.setAll(order, row -> row);
      return rows == 0 ? List.of() : List.of(new RowRun(order, 0, rows, RowRun.OWN));
    }
    shapes.clear();
    groupOf.clear();
    int[] groups = new int[rows];
    List<Integer> lengths = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int length = length(row);
      long key = length == RowRun.OWN ? shape(row) : PADDED + length;
      Integer group = groupOf.get(key);
      if (group == null) {
        group = lengths.size();
        groupOf.put(key, group);
        lengths.add(length);
      }
      groups[row] = group;
    }
    return runs(order, groups, lengths);
  }

  private static List<RowRun> runs(int[] order, int[] groups, List<Integer> lengths) {
    int[] ends = new int[lengths.size() + 1];
    for (int group : groups) {
      ends[group + 1]++;
    }
    for (int group = 0; group < lengths.size(); group++) {
      ends[group + 1] += ends[group];
    }
    int[] next = ends.clone();
    for (int row = 0; row < order.length; row++) {
      order[next[groups[row]]++] = row;
    }
    List<RowRun> runs = new ArrayList<>();
    for (int group = 0; group < lengths.size(); group++) {
      runs.add(new RowRun(order, ends[group], ends[group + 1], lengths.get(group)));
    }
    return runs;
  }

  /** A number that rows of one shape share. */
  private long shape(int row) {
    int shape = 0;
    for (InputBuffer buffer : open) {
      long key = ((long) shape << 32) | buffer.shape(row);
      Integer known = shapes.get(key);
      shape = known == null ? shapes.size() : known;
      shapes.put(key, shape);
    }
    return shape;
  }

  /** The length that a row's sequences are padded to, or {@link RowRun#OWN}. */
  private int length(int row) {
    int own = sequences.isEmpty() ? RowRun.OWN : sequences.get(0).length(row);
    for (InputBuffer buffer : sequences) {
      if (buffer.length(row) != own) {
        return RowRun.OWN;
      }
    }
    int padded = own == RowRun.OWN ? own : PaddedLength.of(own);
    return refused.contains(padded) ? RowRun.OWN : padded;
  }

  /** The own lengths of the sequences of a padded run, row by row. */
  int[] lengths(RowRun run) {
    int[] lengths = new int[run.rows()];
    Arrays.setAll(lengths, i -> sequences.get(0).length(run.row(i)));
    return lengths;
  }

  /** Lets rows of a padded length go as they are, now and from now on. */
  void refuse(int length) {
    refused.add(length);
  }

  boolean isRefused(int length) {
    return refused.contains(length);
  }

  /** A padded run cut into runs without padding. */
  List<RowRun> unpadded(RowRun run) {
    List<RowRun> runs = new ArrayList<>();
    int[] lengths = lengths(run);
    for (int from = 0; from < lengths.length; ) {
      int to = from + 1;
      while (to < lengths.length && lengths[to] == lengths[from]) {
        to++;
      }
      runs.add(run.part(run.from() + from, run.from() + to).unpadded());
      from = to;
    }
    return runs;
  }
}
