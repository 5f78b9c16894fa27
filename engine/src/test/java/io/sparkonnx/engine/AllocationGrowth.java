package io.sparkonnx.engine;

import com.sun.management.ThreadMXBean;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Prints the bytes beside the results by which a run of many blocks allocates more than one of few,
 * per block. A program of its own, since other code that ran before in a JVM may keep its compiler
 * from seeing that vectors need not be objects.
 */
final class AllocationGrowth {
  private static final int FEW_BLOCKS = 4;

  /** Until the compiler has seen every loop, vectors are objects. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AllocationGrowth() {}

  /**
   * Looks at one kind of model.
   *
   * @param args the kind, and the bytes per block that it may take, until which runs are repeated
   */
  public static void main(String[] args) {
    long allowed = Long.parseLong(args[1]);
    try (Model model = Model.load(BlockModels.all().get(args[0]), LoadOptions.DEFAULT);
        Session session = model.newSession()) {
      int rows = rowsOfBlocks(model, FEW_BLOCKS);
      Map<String, Tensor> few = BlockModels.inputs(model, rows, 1);
      Map<String, Tensor> many = BlockModels.inputs(model, 3 * rows, 2);
      int more = blocks(model, many) - blocks(model, few);
      long growth = Long.MAX_VALUE;
      long end = System.nanoTime() + PATIENCE;
      while ((growth < 0 || growth > more * allowed) && System.nanoTime() < end) {
        growth = besideResults(session, many) - besideResults(session, few);
      }
      System.out.println("blocks " + more + " bytes " + growth);
    }
  }

  /** Bytes that a run allocates on this thread, without its results' arrays. */
  private static long besideResults(Session session, Map<String, Tensor> inputs) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Map<String, OnnxValue> results = session.run(inputs);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    for (OnnxValue value : results.values()) {
      Tensor tensor = value instanceof SequenceValue maps ? maps.mapValues() : (Tensor) value;
      allocated -= (long) Array.getLength(tensor.array()) * tensor.type().storage().bytes();
    }
    return allocated;
  }

  private static int rowsOfBlocks(Model model, int blocks) {
    int rows = 16;
    while (blocks(model, BlockModels.inputs(model, rows, 1)) < blocks) {
      rows *= 2;
    }
    return rows;
  }

  /** Blocks of a run, counted by the steps that run in each. */
  private static int blocks(Model model, Map<String, Tensor> inputs) {
    return steps(model, inputs) / steps(model, BlockModels.inputs(model, 1, 1));
  }

  private static int steps(Model model, Map<String, Tensor> inputs) {
    AtomicInteger steps = new AtomicInteger();
    try (Session session =
        model.newSession((name, type, onDevice, nanos) -> steps.incrementAndGet())) {
      session.run(inputs);
    }
    return steps.get();
  }
}
