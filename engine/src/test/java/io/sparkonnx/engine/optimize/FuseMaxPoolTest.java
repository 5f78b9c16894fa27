package io.sparkonnx.engine.optimize;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FuseMaxPoolTest {
  private static final Rewrite[] REWRITES = {new FuseActivation(), new FuseMaxPool()};

  private static TestGraph conv() {
    Map<String, Object> pads = Map.of("pads", new long[] {1, 1, 1, 1});
    return new TestGraph(13)
        .input("x", "N", 3, 9, 8)
        .weights("w", 6, 3, 3, 3)
        .weights("b", 6)
        .node("Conv", pads, List.of("c"), "x", "w", "b");
  }

  private static Map<String, Object> halving() {
    return new HashMap<>(Map.of("kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2}));
  }

  private static TestGraph pool(TestGraph graph, Map<String, Object> attributes, String from) {
    return graph.node("MaxPool", attributes, List.of("y"), from).output("y");
  }

  @Test
  void fusesAPoolingThatHalves() {
    Rewritten.by(pool(conv(), halving(), "c"), REWRITES)
        .assertOperators("PooledConv")
        .assertSameValues();
  }

  @Test
  void fusesAPoolingBehindAFunction() {
    Rewritten.by(pool(conv().node("Sigmoid", "s", "c"), halving(), "s"), REWRITES)
        .assertOperators("PooledConv")
        .assertSameValues();
  }

  @Test
  void fusesReluBehindAPooling() {
    TestGraph graph = conv().node("MaxPool", halving(), List.of("p"), "c").node("Relu", "y", "p");
    Rewritten.by(graph.output("y"), new FuseMaxPool(), new FuseActivation())
        .assertOperators("PooledConv")
        .assertSameValues();
  }

  @Test
  void keepsASecondReluBehindAPooling() {
    TestGraph graph =
        conv()
            .node("Tanh", "t", "c")
            .node("MaxPool", halving(), List.of("p"), "t")
            .node("Relu", "y", "p");
    Rewritten.by(graph.output("y"), REWRITES)
        .assertOperators("PooledConv", "Relu")
        .assertSameValues();
  }

  @Test
  void keepsAFunctionBehindAPooling() {
    TestGraph graph =
        conv().node("MaxPool", halving(), List.of("p"), "c").node("Sigmoid", "y", "p");
    Rewritten.by(graph.output("y"), REWRITES)
        .assertOperators("PooledConv", "Sigmoid")
        .assertSameValues();
  }

  @Test
  void keepsOverlappingWindows() {
    Map<String, Object> attributes = halving();
    attributes.put("strides", new long[] {1, 2});
    Rewritten.by(pool(conv(), attributes, "c"), REWRITES).assertUnchanged();
  }

  @Test
  void keepsOtherWindows() {
    Map<String, Object> attributes = halving();
    attributes.put("kernel_shape", new long[] {3, 2});
    Rewritten.by(pool(conv(), attributes, "c"), REWRITES).assertUnchanged();
  }

  @Test
  void keepsPadding() {
    Map<String, Object> attributes = halving();
    attributes.put("pads", new long[] {0, 0, 1, 0});
    Rewritten.by(pool(conv(), attributes, "c"), REWRITES).assertUnchanged();
  }

  @Test
  void keepsPaddingThatDependsOnTheImage() {
    Map<String, Object> attributes = halving();
    attributes.put("auto_pad", "SAME_UPPER");
    Rewritten.by(pool(conv(), attributes, "c"), REWRITES).assertUnchanged();
  }

  @Test
  void keepsDilation() {
    Map<String, Object> attributes = halving();
    attributes.put("dilations", new long[] {2, 1});
    Rewritten.by(pool(conv(), attributes, "c"), REWRITES).assertUnchanged();
  }

  @Test
  void keepsPartialWindows() {
    Map<String, Object> attributes = halving();
    attributes.put("ceil_mode", 1L);
    Rewritten.by(pool(conv(), attributes, "c"), REWRITES).assertUnchanged();
  }

  @Test
  void keepsIndices() {
    TestGraph graph = conv().node("MaxPool", halving(), List.of("y", "i"), "c").output("y", "i");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  @Test
  void keepsAResultThatIsAnOutput() {
    TestGraph graph = conv().node("MaxPool", halving(), List.of("y"), "c").output("y", "c");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }
}
