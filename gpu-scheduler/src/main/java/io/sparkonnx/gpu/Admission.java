package io.sparkonnx.gpu;

import io.sparkonnx.gpu.GpuException.Code;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who gets bytes next. Knows neither threads nor time: each method takes the moment at which it is
 * called, and returns the tickets that it settled.
 *
 * <p>Order: requests that were passed {@code maxPasses} times by later arrivals, in order of
 * arrival; then the others by priority and, among equal ones, by arrival. A request is granted on
 * the device with the most free bytes, the first in the list among equal ones. If it does not fit
 * there, no request behind it may use that device; if it was passed {@code maxPasses} times, none
 * of the devices that would do. So a request is passed at most {@code maxPasses} times, whatever
 * its bytes and priority.
 *
 * <p>Requests for bytes that stay go before all others and are not counted as passes. They are
 * refused at once where they and those that stay already, or wait to, are more than the budget: so
 * they wait for batches alone, which end. What they leave is what a batch can have; a waiting
 * request that is larger than that fails.
 */
final class Admission {
  private final Map<String, DeviceState> devices = new LinkedHashMap<>();
  private final List<Ticket> queue = new ArrayList<>();
  private final int maxPasses;
  private final Comparator<Ticket> order;
  private long arrivals;
  private String shutDown;

  Admission(List<DeviceBudget> budgets, int maxPasses) {
    for (DeviceBudget budget : budgets) {
      if (devices.put(budget.device(), new DeviceState(budget)) != null) {
        throw new GpuException(
            Code.INVALID_BUDGET, "device '" + budget.device() + "' has two budgets");
      }
    }
    if (maxPasses < 0) {
      throw new GpuException(
          Code.INVALID_SETTING, "a request may be passed at least 0 times, not " + maxPasses);
    }
    this.maxPasses = maxPasses;
    this.order =
        Comparator.comparing((Ticket ticket) -> !ticket.request().resident())
            .thenComparing(ticket -> !due(ticket))
            .thenComparingLong(ticket -> due(ticket) ? 0 : ticket.request().priority())
            .thenComparingLong(Ticket::arrival);
  }

  Map<String, DeviceState> devices() {
    return devices;
  }

  DeviceState device(String name) {
    DeviceState device = devices.get(name);
    if (device == null) {
      throw new GpuException(
          Code.UNKNOWN_DEVICE, "no device '" + name + "', only " + devices.keySet());
    }
    return device;
  }

  /** Requests that wait. */
  int waiting() {
    return queue.size();
  }

  /** Requests that wait and for which the device would do. */
  int waitingFor(DeviceState device) {
    return (int) queue.stream().filter(ticket -> candidates(ticket).contains(device)).count();
  }

  /**
   * Queues a request and grants what fits.
   *
   * @throws GpuException UNKNOWN_DEVICE, QUARANTINED, OVER_BUDGET or SHUT_DOWN if it can never be
   *     granted
   */
  Ticket submit(LeaseRequest request, long now) {
    if (shutDown != null) {
      throw shutDownError();
    }
    if (candidates(request).isEmpty()) {
      throw neverGranted(request);
    }
    Ticket ticket = new Ticket(request, arrivals++, now);
    queue.add(ticket);
    if (request.resident()) {
      failHopeless();
    }
    grant(now);
    return ticket;
  }

  /** Takes a ticket out: it waits no more, and gives back what it holds. */
  List<Ticket> close(Ticket ticket, long now) {
    switch (ticket.state()) {
      case WAITING -> queue.remove(ticket);
      case HELD -> device(ticket.device()).giveBack(ticket);
      case FAILED, CLOSED -> {
        return List.of();
      }
    }
    ticket.close();
    return grant(now);
  }

  /**
   * Bytes that are held will be given back soon: from now on they are not among those that stay.
   */
  List<Ticket> leave(Ticket ticket, long now) {
    if (ticket.state() == Ticket.State.HELD) {
      device(ticket.device()).leave(ticket);
    }
    return grant(now);
  }

  /** Grants nothing more on a device. Leases there stay until they are closed. */
  List<Ticket> quarantine(String name, String reason, long now) {
    device(name).quarantine(reason);
    List<Ticket> settled = failHopeless();
    settled.addAll(grant(now));
    return settled;
  }

  private List<Ticket> failHopeless() {
    List<Ticket> hopeless = new ArrayList<>();
    for (Ticket ticket : queue) {
      if (candidates(ticket).isEmpty()) {
        ticket.fail(neverGranted(ticket.request()));
        hopeless.add(ticket);
      }
    }
    queue.removeAll(hopeless);
    return hopeless;
  }

  /** Grants nothing more. Leases stay until they are closed. */
  List<Ticket> shutDown(String reason) {
    if (shutDown == null) {
      shutDown = reason;
    }
    List<Ticket> settled = List.copyOf(queue);
    queue.clear();
    settled.forEach(ticket -> ticket.fail(shutDownError()));
    return settled;
  }

  private List<Ticket> grant(long now) {
    List<Ticket> granted = new ArrayList<>();
    for (Ticket next = grantOne(now); next != null; next = grantOne(now)) {
      granted.add(next);
    }
    return granted;
  }

  private Ticket grantOne(long now) {
    queue.sort(order);
    Set<DeviceState> reserved = new HashSet<>();
    for (Ticket ticket : queue) {
      List<DeviceState> open = candidates(ticket);
      open.removeAll(reserved);
      DeviceState best = mostFree(open);
      if (best == null) {
        continue;
      }
      if (ticket.request().bytes() <= best.freeBytes()) {
        queue.remove(ticket);
        best.take(ticket, now);
        countPasses(ticket, best);
        return ticket;
      }
      reserved.addAll(due(ticket) ? open : List.of(best));
    }
    return null;
  }

  private void countPasses(Ticket granted, DeviceState device) {
    if (granted.request().resident()) {
      return;
    }
    for (Ticket ticket : queue) {
      if (ticket.arrival() < granted.arrival() && candidates(ticket).contains(device)) {
        ticket.passed();
      }
    }
  }

  private boolean due(Ticket ticket) {
    return ticket.passes() >= maxPasses;
  }

  /** Devices that could grant a new request one day. */
  private List<DeviceState> candidates(LeaseRequest request) {
    List<DeviceState> candidates = new ArrayList<>();
    for (String name : request.devices()) {
      DeviceState device = device(name);
      if (device.quarantine() == null && request.bytes() <= leftByResidents(device)) {
        candidates.add(device);
      }
    }
    return candidates;
  }

  /** Devices that could grant a queued request one day. */
  private List<DeviceState> candidates(Ticket ticket) {
    if (!ticket.request().resident()) {
      return candidates(ticket.request());
    }
    DeviceState device = device(ticket.request().devices().get(0));
    return device.quarantine() == null ? new ArrayList<>(List.of(device)) : new ArrayList<>();
  }

  /** Bytes of the budget beside those that stay or wait to. */
  private long leftByResidents(DeviceState device) {
    long waiting = 0;
    for (Ticket ticket : queue) {
      if (ticket.request().resident() && ticket.request().devices().contains(device.name())) {
        waiting += ticket.request().bytes();
      }
    }
    return device.budget().bytes() - device.residentBytes() - waiting;
  }

  private static DeviceState mostFree(List<DeviceState> devices) {
    DeviceState best = null;
    for (DeviceState device : devices) {
      if (best == null || device.freeBytes() > best.freeBytes()) {
        best = device;
      }
    }
    return best;
  }

  private GpuException neverGranted(LeaseRequest request) {
    List<DeviceState> asked = request.devices().stream().map(this::device).toList();
    boolean failed = asked.stream().anyMatch(device -> device.quarantine() != null);
    return new GpuException(
        failed ? Code.QUARANTINED : Code.OVER_BUDGET,
        asked.stream()
            .map(this::whyNever)
            .collect(
                Collectors.joining(
                    ", ", "no device gives " + ByteText.of(request.bytes()) + ": ", "")));
  }

  private String whyNever(DeviceState device) {
    if (device.quarantine() != null) {
      return "'" + device.name() + "' failed (" + device.quarantine() + ")";
    }
    DeviceBudget budget = device.budget();
    long resident = budget.bytes() - leftByResidents(device);
    return String.format(
        Locale.ROOT,
        "'%s' has a budget of %s of its %s%s",
        device.name(),
        ByteText.of(budget.bytes()),
        ByteText.of(budget.deviceBytes()),
        resident == 0 ? "" : ", of which weights take " + ByteText.of(resident));
  }

  private GpuException shutDownError() {
    return new GpuException(Code.SHUT_DOWN, "no leases any more: " + shutDown);
  }
}
