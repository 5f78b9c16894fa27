package io.sparkonnx.gpu;

import io.sparkonnx.gpu.GpuException.Code;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Leases of device memory for the tasks of one JVM. Thread-safe.
 *
 * <p>Older tasks go first, but a request is passed by at most {@code maxPasses} later ones, and
 * nothing behind the first request in line uses the bytes that it waits for. So neither a large
 * request nor a young task waits for ever as long as leases are closed. A task that holds a lease
 * must not ask for a second one, and must not wait for other tasks: then no wait is circular.
 */
public final class DeviceLeases {
  /**
   * How many later requests may pass one that waits. Few: when old tasks go first too often, the
   * young ones are left to run alone in the end, and the device is idle while they decode rows.
   */
  public static final int DEFAULT_PASSES = 2;

  private static final long POLL_NANOS = 100_000_000;

  private final Admission admission;
  private final WaitClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();

  /** Leases that nobody has any more, and whether their bytes are free. */
  private final Map<Ticket, BooleanSupplier> leaving = new ConcurrentHashMap<>();

  /** Leases by this machine's time, with the default number of passes. */
  public DeviceLeases(List<DeviceBudget> budgets) {
    this(budgets, DEFAULT_PASSES, WaitClock.system());
  }

  /**
   * @param budgets one for each device
   * @param maxPasses how many later requests may pass one that waits; 0 is the order of arrival
   * @throws GpuException INVALID_BUDGET if a device has two budgets
   */
  public DeviceLeases(List<DeviceBudget> budgets, int maxPasses, WaitClock clock) {
    this.admission = new Admission(budgets, maxPasses);
    this.clock = clock;
  }

  /** The devices, in the order of their budgets. */
  public List<DeviceBudget> budgets() {
    return admission.devices().values().stream().map(DeviceState::budget).toList();
  }

  /**
   * Waits for bytes.
   *
   * @return the lease, which the caller closes
   * @throws GpuException UNKNOWN_DEVICE, OVER_BUDGET at once if no device can ever give the bytes;
   *     QUARANTINED or SHUT_DOWN at once or while it waits; CANCELLED or TIMED_OUT within about 0.1
   *     s
   * @throws InterruptedException if the thread is interrupted while it waits, with nothing held
   */
  public Lease acquire(LeaseRequest request) throws InterruptedException {
    if (request.cancelled().getAsBoolean()) {
      throw cancelled(request);
    }
    closeFree();
    Ticket ticket = submit(request);
    boolean granted = false;
    try {
      while (!awaitGrant(ticket)) {
        if (request.cancelled().getAsBoolean()) {
          throw cancelled(request);
        }
        closeFree();
      }
      granted = true;
      return new Lease(this, ticket);
    } finally {
      if (!granted) {
        close(ticket);
      }
    }
  }

  /**
   * Grants nothing more on a device that failed: requests for which no other device would do fail
   * with the reason, those that wait included. Leases there stay until they are closed.
   */
  public void quarantine(String device, String reason) {
    lock.lock();
    try {
      signal(admission.quarantine(device, reason, clock.nanoTime()));
    } finally {
      lock.unlock();
    }
  }

  /** Grants nothing more: all requests fail. Leases stay until they are closed. */
  public void shutDown(String reason) {
    lock.lock();
    try {
      signal(admission.shutDown(reason));
    } finally {
      lock.unlock();
    }
  }

  /** Counts a run that was made again with fewer rows. */
  public void countRetry(String device) {
    lock.lock();
    try {
      admission.device(device).countRetry();
    } finally {
      lock.unlock();
    }
  }

  /** What happens on a device now. */
  public DeviceFigures figures(String device) {
    closeFree();
    lock.lock();
    try {
      DeviceState state = admission.device(device);
      return state.figures(admission.waitingFor(state));
    } finally {
      lock.unlock();
    }
  }

  /** Requests that wait now. */
  public int waiting() {
    lock.lock();
    try {
      return admission.waiting();
    } finally {
      lock.unlock();
    }
  }

  void close(Ticket ticket) {
    lock.lock();
    try {
      signal(admission.close(ticket, clock.nanoTime()));
    } finally {
      lock.unlock();
    }
  }

  void closeWhen(Ticket ticket, BooleanSupplier free) {
    if (free.getAsBoolean()) {
      close(ticket);
      return;
    }
    lock.lock();
    try {
      signal(admission.leave(ticket, clock.nanoTime()));
    } finally {
      lock.unlock();
    }
    leaving.put(ticket, free);
  }

  /** Closes leases whose bytes have become free. Devices are asked without the lock. */
  private void closeFree() {
    leaving.forEach(
        (ticket, free) -> {
          if (free.getAsBoolean() && leaving.remove(ticket, free)) {
            close(ticket);
          }
        });
  }

  private Ticket submit(LeaseRequest request) {
    lock.lock();
    try {
      Ticket ticket = admission.submit(request, clock.nanoTime());
      // A request may be the last one that another could let pass, which is then granted.
      settled.signalAll();
      return ticket;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the request is granted or the next poll is due; false then. */
  private boolean awaitGrant(Ticket ticket) throws InterruptedException {
    lock.lock();
    try {
      long pollAt = clock.nanoTime() + POLL_NANOS;
      while (ticket.state() == Ticket.State.WAITING) {
        long now = clock.nanoTime();
        long waited = now - ticket.arrivalNanos();
        long left = ticket.request().patience().toNanos() - waited;
        if (left <= 0) {
          throw timedOut(ticket.request(), waited);
        }
        if (pollAt - now <= 0) {
          return false;
        }
        clock.await(settled, Math.min(left, pollAt - now));
      }
      if (ticket.state() == Ticket.State.FAILED) {
        throw ticket.failure();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void signal(List<Ticket> tickets) {
    if (!tickets.isEmpty()) {
      settled.signalAll();
    }
  }

  private static GpuException cancelled(LeaseRequest request) {
    return new GpuException(Code.CANCELLED, "cancelled while it waited for " + wanted(request));
  }

  private GpuException timedOut(LeaseRequest request, long waitedNanos) {
    StringBuilder held = new StringBuilder();
    for (String name : request.devices()) {
      DeviceFigures figures = admission.device(name).figures(0);
      held.append(
          String.format(
              Locale.ROOT,
              "; %d leases hold %s of the %s of '%s'",
              figures.leases(),
              ByteText.of(figures.heldBytes()),
              ByteText.of(figures.budgetBytes()),
              name));
    }
    return new GpuException(
        Code.TIMED_OUT, "waited " + waitedNanos / 1_000_000 + " ms for " + wanted(request) + held);
  }

  private static String wanted(LeaseRequest request) {
    return ByteText.of(request.bytes()) + " of " + String.join(" or ", request.devices());
  }
}
