package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.device.LocalMemory;
import io.sparkonnx.engine.kernel.BinaryFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** softmax(stages(Q·Kᵀ))·V, whose scores do not leave a work-group. */
public final class AttentionKernels {
  /** The most stages between the scores and the softmax. */
  public static final int STAGES = 2;

  /** Numbers of queries that a work-group may take, which change no bit; the most first. */
  static final List<Integer> QUERIES = List.of(16, 4);

  private static final int NONE = -1;
  private static final int CHOICE = -2;

  /** Local memory that most devices have. */
  private static final long LOCAL_BYTES = 32 << 10;

  /** What the kernel declares itself. */
  private static final long DECLARED_BYTES = 256;

  private AttentionKernels() {}

  /**
   * A function of each score and an operand.
   *
   * @param f the function; null for a choice by the test: the score where it holds, else the
   *     operand
   * @param turned whether the operand comes first
   * @param operand where it is
   * @param strides its distance along [outer layers, inner layers, queries, keys]; 0 repeats it
   */
  public record Stage(BinaryFunction f, boolean turned, DeviceArray operand, int[] strides) {}

  /**
   * A truth value for each score.
   *
   * @param array where they are, as bytes
   * @param strides as a stage's operand
   */
  public record Test(DeviceArray array, int[] strides) {}

  /**
   * Sizes of one attention.
   *
   * @param layers products, a matrix of each factor for each
   * @param inner inner layers; divides {@code layers}
   * @param m rows of Q and of the result
   * @param n rows of V, columns of Kᵀ
   * @param k columns of Q, rows of Kᵀ
   * @param d columns of V and of the result
   */
  public record Sizes(int layers, int inner, int m, int n, int k, int d) {}

  /** Whether a work-group can hold the scores of some queries over {@code n} keys. */
  public static boolean fits(DeviceInfo device, long n, long k) {
    return queries(device, n, k) > 0;
  }

  /** Queries of a work-group; 0 where not even a few fit. */
  private static int queries(DeviceInfo device, long n, long k) {
    long bytes = Math.min(device.localBytes(), LOCAL_BYTES) - DECLARED_BYTES;
    return QUERIES.stream()
        .filter(queries -> (n + k) * queries * Float.BYTES <= bytes)
        .findFirst()
        .orElse(0);
  }

  /**
   * y[layer] = softmax(stages(Q[layer]·Kᵀ[layer]))·V[layer], all contiguous; Kᵀ is [k, n].
   *
   * @param stages at most {@link #STAGES}, in their order
   * @param test what stages choose by; null where none does
   */
  public static void attend(
      DeviceQueue queue,
      Sizes sizes,
      DeviceArray q,
      DeviceArray kt,
      DeviceArray v,
      List<Stage> stages,
      Test test,
      DeviceArray y) {
    int queries = queries(queue.device().info(), sizes.n(), sizes.k());
    List<Object> arguments =
        new ArrayList<>(List.of(sizes.m(), sizes.n(), sizes.k(), sizes.d(), sizes.inner()));
    for (DeviceArray factor : List.of(q, kt, v)) {
      arguments.addAll(List.of(factor.buffer(), factor.offset()));
    }
    for (int stage = 0; stage < STAGES; stage++) {
      add(arguments, stage < stages.size() ? stages.get(stage) : null, y);
    }
    arguments.add(test == null ? 0 : 1);
    add(arguments, test == null ? y : test.array(), test == null ? new int[4] : test.strides());
    arguments.addAll(List.of(y.buffer(), y.offset()));
    arguments.add(new LocalMemory(bytes(sizes.k(), queries)));
    arguments.add(new LocalMemory(bytes(sizes.n(), queries)));
    int blocks = (sizes.m() + queries - 1) / queries;
    Launch.groups(queue, "attention_" + queries, blocks, sizes.layers(), arguments.toArray());
  }

  private static long bytes(int length, int queries) {
    return (long) Math.max(1, length) * queries * Float.BYTES;
  }

  private static void add(List<Object> arguments, Stage stage, DeviceArray y) {
    if (stage == null) {
      arguments.addAll(List.of(NONE, 0));
      add(arguments, y, new int[4]);
      return;
    }
    arguments.add(stage.f() == null ? CHOICE : stage.f().ordinal());
    arguments.add(stage.turned() ? 1 : 0);
    add(arguments, stage.operand(), stage.strides());
  }

  private static void add(List<Object> arguments, DeviceArray array, int[] strides) {
    arguments.addAll(List.of(array.buffer(), array.offset()));
    Arrays.stream(strides).forEach(arguments::add);
  }
}
