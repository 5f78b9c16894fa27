package io.sparkonnx.gpu.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.sparkonnx.gpu.DeviceBudget;
import io.sparkonnx.gpu.DeviceFigures;
import io.sparkonnx.gpu.DeviceLeases;
import java.util.function.Function;

/** Gauges of each device: {@code <device>.budgetBytes} and so on. */
final class GpuMetrics {
  private GpuMetrics() {}

  static void register(DeviceLeases leases, MetricRegistry registry) {
    for (DeviceBudget budget : leases.budgets()) {
      gauge(leases, registry, budget, "budgetBytes", DeviceFigures::budgetBytes);
      gauge(leases, registry, budget, "heldBytes", DeviceFigures::heldBytes);
      gauge(leases, registry, budget, "residentBytes", DeviceFigures::residentBytes);
      gauge(leases, registry, budget, "peakBytes", DeviceFigures::peakBytes);
      gauge(leases, registry, budget, "waiting", DeviceFigures::waiting);
      gauge(leases, registry, budget, "granted", DeviceFigures::granted);
      gauge(leases, registry, budget, "waitedNanos", DeviceFigures::waitedNanos);
      gauge(leases, registry, budget, "retries", DeviceFigures::retries);
      gauge(leases, registry, budget, "quarantined", f -> f.quarantine().isPresent() ? 1 : 0);
    }
  }

  private static void gauge(
      DeviceLeases leases,
      MetricRegistry registry,
      DeviceBudget budget,
      String name,
      Function<DeviceFigures, Number> figure) {
    Gauge<Number> gauge = () -> figure.apply(leases.figures(budget.device()));
    registry.register(MetricRegistry.name(budget.device(), name), gauge);
  }
}
