package io.sparkonnx.engine.plan;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses the steps that run on a device: every one that has a form there for the types it takes
 * and gives, whose result has a planned place and no other step of the device reads it on the host,
 * and whose sizes are known before a run's first step. Islands that are not worth their transfers
 * stay on the CPU, see {@link Islands}.
 */
final class PlaceSteps {
  /** Items of the largest work-group that kernels are written for. */
  private static final int WORK_GROUP = 256;

  private final DeviceInfo device;
  private final Map<String, ValueInfo> infos;
  private final Lifetimes lifetimes;
  private final Set<String> readOnHost = new HashSet<>();
  private final Map<String, DeviceStep> placed = new HashMap<>();

  /**
   * @param device null for none
   */
  PlaceSteps(DeviceInfo device, Graph graph, Map<String, ValueInfo> infos, Lifetimes lifetimes) {
    this.device = device;
    this.infos = infos;
    this.lifetimes = lifetimes;
    if (device != null && device.maxWorkGroup() >= WORK_GROUP) {
      graph.nodes().forEach(this::noteReadOnHost);
      for (Node node : graph.nodes()) {
        DeviceStep step = form(node);
        if (step != null) {
          placed.put(node.name(), step);
        }
      }
      Islands islands =
          new Islands(
              graph, infos, node -> placed.containsKey(node.name()), lifetimes::isPrebuiltView);
      placed.keySet().removeAll(islands.unworthy());
    }
  }

  /** The node's form on the device, or null where the CPU runs it. */
  DeviceStep place(Node node) {
    return placed.get(node.name());
  }

  private void noteReadOnHost(Node node) {
    for (int input = 0; input < node.inputs().size(); input++) {
      if (node.operator().readsOnHost(input)) {
        readOnHost.add(node.input(input));
      }
    }
  }

  private DeviceStep form(Node node) {
    if (node.outputs().size() != 1
        || lifetimes.isPrebuiltView(node)
        || readOnHost.contains(node.output(0))) {
      return null;
    }
    Slot.Place place = lifetimes.place(node.output(0));
    DevicePreparation preparation =
        new DevicePreparation(device, known(node.inputs()), known(node.outputs()));
    boolean planned = place == Slot.Place.ARENA || place == Slot.Place.RESULT;
    if (!planned
        || !preparation.fits(node.operator())
        || !preparation.inputs().stream().allMatch(this::isSized)) {
      return null;
    }
    DeviceStep step = node.operator().prepareOn(preparation);
    return step != null && lifetimes.binds(step.scratch()) ? step : null;
  }

  /** Whether a value's size is known before the first step, so that its memory can be asked for. */
  private boolean isSized(ValueInfo info) {
    return info == null || lifetimes.binds(info.shape().size());
  }

  private List<ValueInfo> known(List<String> names) {
    List<ValueInfo> known = new ArrayList<>();
    names.forEach(name -> known.add(name.isEmpty() ? null : infos.get(name)));
    return known;
  }
}
