package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static Model mlp;

  @BeforeAll
  static void load() {
    mlp = Model.load(SampleNetworks.mlp().bytes(), LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    mlp.close();
  }

  private static ThrowingCallable running(Map<String, OnnxValue> inputs, RunOptions options) {
    return () -> {
      try (Session session = mlp.newSession()) {
        session.run(inputs, options);
      }
    };
  }

  private static void assertRefused(Map<String, OnnxValue> inputs, Code code, String message) {
    assertRefused(inputs, RunOptions.DEFAULT, code, message);
  }

  private static void assertRefused(
      Map<String, OnnxValue> inputs, RunOptions options, Code code, String message) {
    assertThatThrownBy(running(inputs, options))
        .isInstanceOfSatisfying(OnnxException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(message);
  }

  private static FloatTensor rows(int rows) {
    return Tensor.of(new float[64 * rows], rows, 64);
  }

  @Test
  void aMissingAndAnUnknownInputAreNamedTogether() {
    assertRefused(
        Map.of("z", rows(1)),
        Code.INVALID_INPUT,
        "input 'x' is missing; there is no input 'z'; the model takes [x: float [n, 64]]");
  }

  @Test
  void aWrongElementTypeIsRefused() {
    assertRefused(
        Map.of("x", Tensor.of(new double[64], 1, 64)),
        Code.INVALID_INPUT,
        "input 'x' is double [1, 64], expected float [n, 64]");
  }

  @Test
  void aWrongLengthIsRefused() {
    assertRefused(
        Map.of("x", Tensor.of(new float[63], 1, 63)),
        Code.INVALID_INPUT,
        "input 'x' is float[1, 63], expected float [n, 64]");
  }

  @Test
  void aWrongRankIsRefused() {
    assertRefused(
        Map.of("x", Tensor.of(new float[64], 64)),
        Code.INVALID_INPUT,
        "input 'x' is float[64], expected float [n, 64]");
  }

  @Test
  void inputsThatShareADimensionMustAgree() {
    byte[] sum =
        ModelBuilder.opset(17)
            .input("a", ElementType.FLOAT, "n", 2)
            .input("b", ElementType.FLOAT, "n", 2)
            .output("c", ElementType.FLOAT, "n", 2)
            .node("Add", List.of("a", "b"), List.of("c"))
            .bytes();
    try (Model model = Model.load(sum, LoadOptions.DEFAULT);
        Session session = model.newSession()) {
      Map<String, Tensor> inputs =
          Map.of("a", Tensor.of(new float[6], 3, 2), "b", Tensor.of(new float[8], 4, 2));
      assertThatThrownBy(() -> session.run(inputs))
          .hasMessage("input 'b' has n = 4 but input 'a' has 3");
    }
  }

  @Test
  void aViewWhoseShapeARunDecidesKeepsItsElements() {
    byte[] bytes =
        ModelBuilder.opset(17)
            .input("x", ElementType.FLOAT, "n", 4)
            .input("shape", ElementType.INT64, 2)
            .input("a", ElementType.FLOAT, "n", 4)
            .output("y", ElementType.FLOAT, "p", "q")
            .node("Relu", List.of("x"), List.of("r"))
            .node("Reshape", List.of("r", "shape"), List.of("v"))
            .node("Identity", List.of("v"), List.of("w"))
            .node("Exp", List.of("a"), List.of("e"))
            .node("Add", List.of("w", "e"), List.of("y"))
            .bytes();
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT.withOptimize(false));
        Session session = model.newSession()) {
      Map<String, Tensor> inputs =
          Map.of(
              "x", Tensor.of(new float[] {1, -2, 3, -4}, 1, 4),
              "shape", Tensor.of(new long[] {1, 4}, 2),
              "a", Tensor.of(new float[4], 1, 4));
      assertThat(((FloatTensor) session.run(inputs).get("y")).toArray())
          .containsExactly(2, 1, 4, 1);
    }
  }

  @Test
  void noRowsGiveNoRows() {
    try (Session session = mlp.newSession()) {
      assertThat(((Tensor) session.run(Map.of("x", rows(0))).get("y")).dims())
          .containsExactly(0, 1);
    }
  }

  @Test
  void resultsBelongToTheCaller() {
    try (Session session = mlp.newSession()) {
      FloatTensor first = (FloatTensor) session.run(Map.of("x", rows(3))).get("y");
      float[] before = first.toArray();
      FloatTensor ones = rows(3);
      java.util.Arrays.fill(ones.array(), 1f);
      session.run(Map.of("x", ones));
      assertThat(first.toArray()).isEqualTo(before);
    }
  }

  @Test
  void inputsAreNotChanged() {
    FloatTensor x = rows(5);
    java.util.Arrays.fill(x.array(), 0.5f);
    try (Session session = mlp.newSession()) {
      session.run(Map.of("x", x));
    }
    assertThat(x.toArray()).containsOnly(0.5f);
  }

  @Test
  void theWorkspaceDoesNotGrowWithTheRows() {
    try (Session session = mlp.newSession()) {
      session.run(Map.of("x", rows(10_000)));
      long small = session.workspaceBytes();
      session.run(Map.of("x", rows(100_000)));
      assertThat(session.workspaceBytes()).isEqualTo(small);
    }
  }

  @Test
  void weightsAreHeldOncePackedAndNotAsInTheFile() {
    long elements = 64 * 256 + 256 + 256 * 128 + 128 + 128 + 1;
    assertThat(mlp.weightBytes()).isBetween(4 * elements, 5 * elements);
  }

  @Test
  void aCancelledRunStopsBetweenBlocks() {
    AtomicInteger asked = new AtomicInteger();
    RunOptions options = RunOptions.DEFAULT.withCancelled(() -> asked.incrementAndGet() > 10);
    assertRefused(Map.of("x", rows(100_000)), options, Code.CANCELLED, "the run was cancelled");
    assertThat(asked).hasValue(11);
  }

  @Test
  void aRunPastItsDeadlineStops() {
    assertRefused(
        Map.of("x", rows(1)),
        RunOptions.DEFAULT.withDeadline(System.nanoTime() - 1),
        Code.LIMIT_EXCEEDED,
        "the run did not end before its deadline");
  }

  @Test
  void aRunThatNeedsTooMuchMemoryIsRefusedBeforeItAllocates() {
    assertThatThrownBy(running(Map.of("x", rows(1_000)), RunOptions.DEFAULT.withMaxBytes(1_000)))
        .isInstanceOf(OnnxException.class)
        .hasMessageMatching("the run needs \\d+ bytes, at most 1000 are allowed");
  }

  /** The outputs have 4,000 bytes. */
  @Test
  void memoryIsAskedForBeforeItIsAllocated() {
    List<Long> asked = new ArrayList<>();
    try (Session session = mlp.newSession()) {
      RunOptions options = RunOptions.DEFAULT.withMemory(asked::add);
      session.run(Map.of("x", rows(1_000)), options);
      assertThat(asked.get(0)).isEqualTo(4_000);
      assertThat(Collections.max(asked)).isBetween(4_001L, session.workspaceBytes() + 4_000);
      asked.clear();
      session.run(Map.of("x", rows(1_000)), options);
      assertThat(Collections.max(asked)).isEqualTo(session.workspaceBytes() + 4_000);
    }
  }

  @Test
  void refusedMemoryEndsTheRunAndLeavesTheSessionUsable() {
    try (Session session = mlp.newSession()) {
      RunOptions refusing =
          RunOptions.DEFAULT.withMemory(
              bytes -> {
                if (bytes > 4_000) {
                  throw new OnnxException(Code.LIMIT_EXCEEDED, "no more than " + bytes);
                }
              });
      assertThatThrownBy(() -> session.run(Map.of("x", rows(1_000)), refusing))
          .hasMessageStartingWith("no more than ");
      assertThat(session.workspaceBytes()).isZero();
      assertThat(session.run(Map.of("x", rows(1_000)))).hasSize(1);
    }
  }

  @Test
  void aClosedSessionRunsNoMore() {
    Session session = mlp.newSession();
    session.close();
    assertThatThrownBy(() -> session.run(Map.of("x", rows(1)))).hasMessage("the session is closed");
  }

  @Test
  void aBatchCoupledGraphSaysWhatMixesTheRows() {
    byte[] coupled =
        ModelBuilder.opset(17)
            .input("x", ElementType.FLOAT, "n", 4)
            .output("y", ElementType.FLOAT, "n", 4)
            .node("Softmax", List.of("x"), List.of("y"), "axis", 0L)
            .named("over_rows")
            .bytes();
    try (Model model = Model.load(coupled, LoadOptions.DEFAULT)) {
      assertThat(model.batching().kind()).isEqualTo(Batching.Kind.COUPLED);
      assertThat(model.batching().reason()).contains("Softmax 'over_rows'");
    }
  }

  @Test
  void aModelOfAFixedShapeSaysSo() {
    byte[] fixed =
        ModelBuilder.opset(17)
            .input("x", ElementType.FLOAT, 3, 4)
            .output("y", ElementType.FLOAT, 3, 4)
            .node("Relu", List.of("x"), List.of("y"))
            .bytes();
    try (Model model = Model.load(fixed, LoadOptions.DEFAULT)) {
      assertThat(model.batching().kind()).isEqualTo(Batching.Kind.FIXED);
    }
  }

  /** y = x·w + b, where w and b are inputs with a default. */
  private static byte[] withDefaults() {
    return ModelBuilder.opset(13)
        .input("x", ElementType.FLOAT, "n", 2)
        .input("w", ElementType.FLOAT, 2, 1)
        .input("b", ElementType.FLOAT, 1)
        .initializer("w", Tensor.of(new float[] {1, 10}, 2, 1))
        .initializer("b", Tensor.of(new float[] {100}, 1))
        .node("MatMul", List.of("x", "w"), List.of("p"))
        .node("Add", List.of("p", "b"), List.of("y"))
        .output("y", ElementType.FLOAT, "n", 1)
        .bytes();
  }

  private static float[] run(Session session, Map<String, OnnxValue> inputs) {
    return ((FloatTensor) session.run(inputs).get("y")).toArray();
  }

  @Test
  void anOptionalInputThatWasAskedForMayBeGivenOrLeftOut() {
    Tensor x = Tensor.of(new float[] {2, 3}, 1, 2);
    LoadOptions options = LoadOptions.DEFAULT.withOptionalInputs("w");
    try (Model model = Model.load(withDefaults(), options);
        Session session = model.newSession()) {
      assertThat(model.signature().inputs())
          .hasToString("[x: float [n, 2], w: float [2, 1] (optional)]");
      assertThat(run(session, Map.of("x", x))).containsExactly(132);
      Tensor w = Tensor.of(new float[] {-1, 1}, 2, 1);
      assertThat(run(session, Map.of("x", x, "w", w))).containsExactly(101);
      assertThat(run(session, Map.of("x", x))).containsExactly(132);
    }
  }

  @Test
  void anOptionalInputThatWasNotAskedForIsNoInput() {
    try (Model model = Model.load(withDefaults(), LoadOptions.DEFAULT);
        Session session = model.newSession()) {
      Tensor x = Tensor.of(new float[] {2, 3}, 1, 2);
      Tensor w = Tensor.of(new float[] {-1, 1}, 2, 1);
      assertThatThrownBy(() -> session.run(Map.of("x", x, "w", w)))
          .hasMessageContaining("there is no input 'w'");
    }
  }

  @Test
  void anOptionalInputThatTheModelLacksIsRefusedAtLoad() {
    LoadOptions options = LoadOptions.DEFAULT.withOptionalInputs("x");
    assertThatThrownBy(() -> Model.load(withDefaults(), options))
        .hasMessage("'x' is no input with a default in the model; these are [b, w]");
  }

  @Test
  void aGivenOptionalInputOfAnotherShapeIsRefused() {
    LoadOptions options = LoadOptions.DEFAULT.withOptionalInputs("w");
    try (Model model = Model.load(withDefaults(), options);
        Session session = model.newSession()) {
      Tensor x = Tensor.of(new float[] {2, 3}, 1, 2);
      Tensor w = Tensor.of(new float[] {-1, 1, 1}, 3, 1);
      assertThatThrownBy(() -> session.run(Map.of("x", x, "w", w)))
          .hasMessage("input 'w' is float[3, 1], expected float [2, 1]");
    }
  }
}
