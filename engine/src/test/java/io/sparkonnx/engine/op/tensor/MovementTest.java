package io.sparkonnx.engine.op.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Movements against index arithmetic, for every storage; a failure names the seed. */
class MovementTest {
  private static final int[] SIZES = {0, 1, 2, 3, 7, 16, 17};

  static Stream<ElementType> types() {
    return Numbered.TYPES.stream();
  }

  private static int[] randomDims(Random random, int rank) {
    while (true) {
      int[] dims = new int[rank];
      long size = 1;
      for (int i = 0; i < rank; i++) {
        dims[i] = SIZES[random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(SIZES.length - 1)];
        size *= dims[i];
      }
      if (size < 20000) {
        return dims;
      }
    }
  }

  private static void check(
      Tensor actual, ElementType type, int seed, int[] dims, ToIntFunction<int[]> rule) {
    assertThat(actual.dims()).as("seed %d", seed).isEqualTo(dims);
    assertThat(Numbered.read(actual))
        .as("seed %d, shape %s", seed, actual.dimsString())
        .isEqualTo(Numbered.expected(type, Numbered.by(dims, rule)));
  }

  @ParameterizedTest
  @MethodSource("types")
  void transposesByAnyPermutation(ElementType type) {
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      int[] from = randomDims(random, random.nextInt(6));
      List<Integer> axes = new ArrayList<>(IntStream.range(0, from.length).boxed().toList());
      Collections.shuffle(axes, random);
      long[] perm = axes.stream().mapToLong(i -> i).toArray();
      Tensor actual =
          OneOperator.of("Transpose", 13).with("perm", perm).run(Numbered.of(type, from));
      int[] to = axes.stream().mapToInt(i -> from[i]).toArray();
      check(
          actual,
          type,
          seed,
          to,
          index -> {
            int[] source = new int[index.length];
            for (int i = 0; i < index.length; i++) {
              source[axes.get(i)] = index[i];
            }
            return Numbered.at(from, source);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void slicesForwardsAndBackwards(ElementType type) {
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      int rank = 1 + random.nextInt(4);
      int[] from = randomDims(random, rank);
      long[] starts = new long[rank];
      long[] ends = new long[rank];
      long[] axes = new long[rank];
      long[] steps = new long[rank];
      int[] first = new int[rank];
      int[] to = new int[rank];
      for (int i = 0; i < rank; i++) {
        starts[i] = random.nextInt(41) - 20;
        ends[i] = random.nextInt(5) == 0 ? Long.MAX_VALUE : random.nextInt(41) - 20;
        axes[i] = random.nextBoolean() ? i : i - rank;
        steps[i] = random.nextInt(3) == 0 ? -1 - random.nextInt(3) : 1 + random.nextInt(3);
        int[] picked = sliced(from[i], starts[i], ends[i], steps[i]);
        to[i] = picked.length;
        first[i] = picked.length == 0 ? 0 : picked[0];
      }
      Tensor actual =
          OneOperator.of("Slice", 13)
              .run(
                  Numbered.of(type, from),
                  Tensor.of(starts, rank),
                  Tensor.of(ends, rank),
                  Tensor.of(axes, rank),
                  Tensor.of(steps, rank));
      check(
          actual,
          type,
          seed,
          to,
          index -> {
            int[] source = new int[rank];
            for (int i = 0; i < rank; i++) {
              source[i] = first[i] + index[i] * (int) steps[i];
            }
            return Numbered.at(from, source);
          });
    }
  }

  /** The indices of a slice, with the start clamped onto the axis as ONNX says (NumPy does not). */
  private static int[] sliced(int length, long start, long end, long step) {
    long from = start < 0 ? start + length : start;
    long to = end < 0 ? end + length : end;
    long begin = Math.max(0, Math.min(from, step > 0 ? length : length - 1));
    return IntStream.range(0, length)
        .map(i -> step > 0 ? i : length - 1 - i)
        .filter(i -> step > 0 ? i >= begin && i < to : i <= begin && i > to)
        .filter(i -> (i - begin) % step == 0)
        .toArray();
  }

  @ParameterizedTest
  @MethodSource("types")
  void concatenatesAndSplitsBack(ElementType type) {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int rank = 1 + random.nextInt(4);
      int[] whole = randomDims(random, rank);
      int axis = random.nextInt(rank);
      int parts = 1 + random.nextInt(4);
      long[] lengths = new long[parts];
      for (int i = 0; i < whole[axis]; i++) {
        lengths[random.nextInt(parts)]++;
      }
      Tensor input = Numbered.of(type, whole);
      List<OnnxValue> cut =
          OneOperator.of("Split", 13)
              .with("axis", (long) axis - rank)
              .outputs(parts)
              .all(input, Tensor.of(lengths, parts));
      int begin = 0;
      for (int part = 0; part < parts; part++) {
        int[] dims = whole.clone();
        dims[axis] = (int) lengths[part];
        int offset = begin;
        check(
            (Tensor) cut.get(part),
            type,
            seed,
            dims,
            index -> {
              int[] source = index.clone();
              source[axis] += offset;
              return Numbered.at(whole, source);
            });
        begin += (int) lengths[part];
      }
      Tensor joined =
          OneOperator.of("Concat", 13).with("axis", (long) axis).run(cut.toArray(new OnnxValue[0]));
      check(joined, type, seed, whole, index -> Numbered.at(whole, index));
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void expandsAndTiles(ElementType type) {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int rank = random.nextInt(4);
      int[] whole = randomDims(random, rank);
      int[] from = whole.clone();
      long[] repeats = new long[rank];
      int[] tiled = whole.clone();
      for (int i = 0; i < rank; i++) {
        from[i] = random.nextBoolean() ? 1 : whole[i];
        repeats[i] = random.nextInt(4);
        tiled[i] = from[i] * (int) repeats[i];
      }
      Tensor input = Numbered.of(type, from);
      long[] target = IntStream.of(whole).asLongStream().toArray();
      Tensor expanded = OneOperator.of("Expand", 13).run(input, Tensor.of(target, rank));
      ToIntFunction<int[]> wrapped =
          index -> {
            int[] source = new int[rank];
            for (int i = 0; i < rank; i++) {
              source[i] = index[i] % from[i];
            }
            return Numbered.at(from, source);
          };
      check(expanded, type, seed, whole, wrapped);
      Tensor copies = OneOperator.of("Tile", 13).run(input, Tensor.of(repeats, rank));
      check(copies, type, seed, tiled, wrapped);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void gathersSlices(ElementType type) {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int rank = 1 + random.nextInt(4);
      int[] from = randomDims(random, rank);
      int axis = random.nextInt(rank);
      from[axis] = Math.max(1, from[axis]);
      int[] picked = randomDims(random, random.nextInt(3));
      long[] indices = new long[Tensor.sizeOf(picked)];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = random.nextInt(2 * from[axis]) - from[axis];
      }
      int[] to =
          IntStream.concat(
                  IntStream.concat(IntStream.of(from).limit(axis), IntStream.of(picked)),
                  IntStream.of(from).skip(axis + 1))
              .toArray();
      Tensor actual =
          OneOperator.of("Gather", 13)
              .with("axis", (long) axis)
              .run(Numbered.of(type, from), Tensor.of(indices, picked));
      check(
          actual,
          type,
          seed,
          to,
          index -> {
            int[] source = new int[rank];
            int[] where = new int[picked.length];
            System.arraycopy(index, 0, source, 0, axis);
            System.arraycopy(index, axis, where, 0, picked.length);
            long pick = indices[Numbered.at(picked, where)];
            source[axis] = (int) (pick < 0 ? pick + from[axis] : pick);
            System.arraycopy(index, axis + picked.length, source, axis + 1, rank - axis - 1);
            return Numbered.at(from, source);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void choosesBetweenBroadcastOperands(ElementType type) {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int rank = random.nextInt(4);
      int[] whole = randomDims(random, rank);
      int[][] dims = {whole.clone(), whole.clone(), whole.clone()};
      for (int i = 0; i < rank; i++) {
        int full = random.nextInt(3);
        for (int operand = 0; operand < 3; operand++) {
          dims[operand][i] = operand != full && random.nextBoolean() ? 1 : whole[i];
        }
      }
      boolean[] test = new boolean[Tensor.sizeOf(dims[0])];
      for (int i = 0; i < test.length; i++) {
        test[i] = random.nextBoolean();
      }
      Tensor actual =
          OneOperator.of("Where", 16)
              .run(
                  Tensor.of(test, dims[0]), Numbered.of(type, dims[1]), Numbered.of(type, dims[2]));
      check(
          actual,
          type,
          seed,
          whole,
          index -> {
            int[][] wrapped = new int[3][rank];
            for (int operand = 0; operand < 3; operand++) {
              for (int i = 0; i < rank; i++) {
                wrapped[operand][i] = index[i] % dims[operand][i];
              }
            }
            int chosen = test[Numbered.at(dims[0], wrapped[0])] ? 1 : 2;
            return Numbered.at(dims[chosen], wrapped[chosen]);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void movesDepthToSpaceAndBack(ElementType type) {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int block = 1 + random.nextInt(3);
      boolean columnsFirst = random.nextBoolean();
      int n = random.nextInt(3);
      int c = 1 + random.nextInt(4);
      int h = 1 + random.nextInt(5);
      int w = 1 + random.nextInt(9);
      int[] depth = {n, c * block * block, h, w};
      int[] space = {n, c, h * block, w * block};
      Tensor input = Numbered.of(type, depth);
      Tensor actual =
          OneOperator.of("DepthToSpace", 13)
              .with("blocksize", (long) block)
              .with("mode", columnsFirst ? "CRD" : "DCR")
              .run(input);
      check(
          actual,
          type,
          seed,
          space,
          i -> {
            int inBlock = (i[2] % block) * block + i[3] % block;
            int channel = columnsFirst ? i[1] * block * block + inBlock : inBlock * c + i[1];
            return Numbered.at(depth, i[0], channel, i[2] / block, i[3] / block);
          });
      Tensor back =
          OneOperator.of("SpaceToDepth", 28)
              .with("blocksize", (long) block)
              .with("mode", columnsFirst ? "CRD" : "DCR")
              .run(actual);
      check(back, type, seed, depth, i -> Numbered.at(depth, i));
    }
  }
}
