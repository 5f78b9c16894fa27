package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions whose rows are shared by several threads. */
class ThreadedSessionTest {
  private static final int ROWS = 5000;

  private static FloatTensor random(int... dims) {
    FloatTensor tensor = (FloatTensor) Tensor.allocate(ElementType.FLOAT, dims);
    Random random = new Random(7);
    for (int i = 0; i < tensor.array().length; i++) {
      tensor.array()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  private static Model load(ModelBuilder model) {
    return Model.load(model.bytes(), LoadOptions.DEFAULT);
  }

  private static Model lookup() {
    return load(
        ModelBuilder.opset(17)
            .input("i", ElementType.INT64, "n")
            .output("o", ElementType.INT64, "n")
            .initializer("table", Tensor.of(new long[] {10, 11, 12}, 3))
            .node("Gather", List.of("table", "i"), List.of("o")));
  }

  /** {@code ROWS} valid indices but for those at {@code bad}. */
  private static Map<String, Tensor> indices(int... bad) {
    long[] indices = new long[ROWS * 10];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i % 3;
    }
    for (int row : bad) {
      indices[row] = 1000 + row;
    }
    return Map.of("i", Tensor.of(indices, indices.length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "convolution", "transformer", "trees"})
  void bitsDoNotDependOnTheNumberOfThreads(String name) {
    SampleNetworks.Network network = SampleNetworks.all().get(name);
    int[] dims = new int[network.row().length + 1];
    dims[0] = 501;
    System.arraycopy(network.row(), 0, dims, 1, network.row().length);
    try (Model model = Model.load(network.bytes(), LoadOptions.DEFAULT);
        Session one = model.newSession(1);
        Session three = model.newSession(3)) {
      Map<String, Tensor> inputs = Map.of(model.signature().inputs().get(0).name(), random(dims));
      assertThat(bits(three.run(inputs))).isEqualTo(bits(one.run(inputs)));
    }
  }

  private static List<List<Integer>> bits(Map<String, OnnxValue> outputs) {
    return outputs.values().stream()
        .filter(FloatTensor.class::isInstance)
        .map(value -> bits(((FloatTensor) value).toArray()))
        .toList();
  }

  private static List<Integer> bits(float[] floats) {
    Integer[] bits = new Integer[floats.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(floats[i]));
    return List.of(bits);
  }

  @Test
  void joinedPartsKeepTheOrderOfRows() {
    try (Model model =
            load(
                ModelBuilder.opset(17)
                    .input("s", ElementType.STRING, "n")
                    .output("t", ElementType.STRING, "n")
                    .node("Identity", List.of("s"), List.of("t")));
        Session session = model.newSession(4)) {
      String[] texts = new String[ROWS * 10];
      Arrays.setAll(texts, i -> "row " + i);
      StringTensor out =
          (StringTensor) session.run(Map.of("s", Tensor.of(texts, texts.length))).get("t");
      for (int i = 0; i < texts.length; i++) {
        assertThat(out.get(i)).isEqualTo(texts[i]);
      }
    }
  }

  /** Notes the threads that work on a run. */
  private static RunOptions noting(Set<Thread> threads) {
    return RunOptions.DEFAULT.withCancelled(
        () -> {
          threads.add(Thread.currentThread());
          return false;
        });
  }

  @Test
  void furtherThreadsTakePart() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (Model model = lookup();
        Session session = model.newSession(3)) {
      for (int run = 0; run < 1000 && threads.size() < 3; run++) {
        session.run(indices(), noting(threads));
      }
    }
    assertThat(threads).hasSize(3).contains(Thread.currentThread());
  }

  @Test
  void theFirstBadRowsErrorIsThrown() {
    try (Model model = lookup();
        Session session = model.newSession(4)) {
      for (int run = 0; run < 20; run++) {
        assertThatThrownBy(() -> session.run(indices(31_000, 7, 49_000)))
            .isInstanceOf(OnnxException.class)
            .hasMessageContaining("1007");
      }
    }
  }

  @Test
  void aFailedRunLeavesTheSessionUsable() {
    try (Model model = lookup();
        Session session = model.newSession(4)) {
      assertThatThrownBy(() -> session.run(indices(20_000))).isInstanceOf(OnnxException.class);
      LongTensor out = (LongTensor) session.run(indices()).get("o");
      assertThat(out.array()[49_999]).isEqualTo(10 + 49_999 % 3);
    }
  }

  @Test
  void anInterruptEndsTheRun() {
    try (Model model = lookup();
        Session session = model.newSession(2)) {
      Thread caller = Thread.currentThread();
      RunOptions interrupting =
          RunOptions.DEFAULT.withCancelled(
              () -> {
                if (Thread.currentThread() != caller) {
                  caller.interrupt();
                  pause();
                }
                return false;
              });
      assertThatThrownBy(
              () -> {
                while (true) {
                  session.run(indices(), interrupting);
                }
              })
          .isInstanceOfSatisfying(
              OnnxException.class, e -> assertThat(e.code()).isEqualTo(Code.CANCELLED));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** The caller has to ask for memory too, while the other thread waits for what it asked for. */
  @Test
  void anInterruptEndsTheRunWhileAThreadWaitsForMemory() {
    Thread caller = Thread.currentThread();
    AtomicReference<Thread> waiting = new AtomicReference<>();
    AtomicBoolean ended = new AtomicBoolean();
    RunOptions options =
        RunOptions.DEFAULT.withMemory(
            bytes -> {
              if (Thread.currentThread() != caller) {
                waiting.set(Thread.currentThread());
                awaitWaiting(caller);
                caller.interrupt();
                pause();
                ended.set(Thread.currentThread().isInterrupted());
              }
            });
    try (Model model = Model.load(SampleNetworks.mlp().bytes(), LoadOptions.DEFAULT);
        Session session = model.newSession(2)) {
      Map<String, Tensor> rows = Map.of("x", random(20_000, 64));
      assertThatThrownBy(
              () -> {
                while (waiting.get() == null) {
                  session.run(rows, options);
                }
              })
          .isInstanceOfSatisfying(
              OnnxException.class, e -> assertThat(e.code()).isEqualTo(Code.CANCELLED));
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ended).as("the other thread was interrupted").isTrue();
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
  }

  /** Until this thread is interrupted; then the blocks that are left are not run. */
  private static void pause() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void memoryCountsEveryThreadsWorkspace() {
    AtomicLong peak = new AtomicLong();
    try (Model model = Model.load(SampleNetworks.mlp().bytes(), LoadOptions.DEFAULT);
        Session single = model.newSession(1);
        Session threaded = model.newSession(2)) {
      Map<String, Tensor> rows = Map.of("x", random(20_000, 64));
      single.run(rows);
      while (threaded.workspaceBytes() < 2 * single.workspaceBytes()) {
        threaded.run(rows, RunOptions.DEFAULT.withMemory(peak::set));
      }
      long results = 20_000L * Float.BYTES;
      assertThat(peak.get()).isEqualTo(threaded.workspaceBytes() + results);
    }
  }

  @Test
  void theMostBytesCountEveryThreadsWorkspace() {
    try (Model model = Model.load(SampleNetworks.mlp().bytes(), LoadOptions.DEFAULT);
        Session threaded = model.newSession(2)) {
      Map<String, Tensor> rows = Map.of("x", random(20_000, 64));
      AtomicLong peak = new AtomicLong();
      while (peak.get() < 2 * workspaceOfOneThread(model, rows)) {
        threaded.run(rows, RunOptions.DEFAULT.withMemory(peak::set));
      }
      long needed = peak.get();
      threaded.run(rows, RunOptions.DEFAULT.withMaxBytes(needed));
      assertThatThrownBy(() -> threaded.run(rows, RunOptions.DEFAULT.withMaxBytes(needed - 1)))
          .isInstanceOf(OnnxException.class)
          .hasMessage(
              "the run needs " + needed + " bytes, at most " + (needed - 1) + " are allowed");
    }
  }

  private static long workspaceOfOneThread(Model model, Map<String, Tensor> rows) {
    try (Session single = model.newSession(1)) {
      single.run(rows);
      return single.workspaceBytes();
    }
  }

  @Test
  void threadsEndWithTheSession() throws InterruptedException {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (Model model = lookup()) {
      Session session = model.newSession(2);
      while (threads.size() < 2) {
        session.run(indices(), noting(threads));
      }
      session.close();
    }
    threads.remove(Thread.currentThread());
    for (Thread thread : threads) {
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void whatAllRowsShareIsComputedAsByOneThread() {
    Random random = new Random(5);
    float[] weights = new float[300 * 64];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    ModelBuilder model =
        ModelBuilder.opset(17)
            .input("x", ElementType.FLOAT, "n", 64)
            .input("shared", ElementType.FLOAT, 3, 300)
            .initializer("w", Tensor.of(weights, 300, 64))
            .initializer("b", Tensor.of(Arrays.copyOf(weights, 64), 64))
            .output("y", ElementType.FLOAT, "n", 64)
            .output("z", ElementType.FLOAT, 3, 64)
            .node("Exp", List.of("x"), List.of("y"))
            .node("Gemm", List.of("shared", "w", "b"), List.of("z"));
    Map<String, Tensor> inputs = Map.of("x", random(20_000, 64), "shared", random(3, 300));
    try (Model loaded = load(model);
        Session one = loaded.newSession(1);
        Session four = loaded.newSession(4)) {
      assertThat(loaded.batching().rowsAreIndependent()).isTrue();
      List<List<Integer>> expected = bits(one.run(inputs));
      for (int run = 0; run < 20; run++) {
        assertThat(bits(four.run(inputs))).isEqualTo(expected);
      }
    }
  }

  @Test
  void noRowsGiveNoRows() {
    try (Model model = Model.load(SampleNetworks.mlp().bytes(), LoadOptions.DEFAULT);
        Session session = model.newSession(3)) {
      assertThat(((Tensor) session.run(Map.of("x", random(0, 64))).get("y")).dims())
          .containsExactly(0, 1);
    }
  }
}
