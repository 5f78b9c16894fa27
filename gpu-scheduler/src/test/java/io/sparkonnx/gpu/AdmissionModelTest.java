package io.sparkonnx.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random requests, closes, leavings, withdrawals, quarantines and shutdowns, compared with the
 * reference after each. A failure names the seed; {@code -Dsparkonnx.seed} replays it.
 */
class AdmissionModelTest {
  private static final int LIVES = 2000;
  private static final int OPERATIONS = 200;

  @Test
  void fourHundredThousandOperationsDoWhatTheReferenceDoes() {
    Long replayed = Long.getLong("sparkonnx.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    int lives = replayed == null ? LIVES : 1;
    long grants = 0;
    for (long seed = first; seed < first + lives; seed++) {
      try {
        grants += new Life(seed).run();
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("replay with -Dsparkonnx.seed=" + seed, failure);
      }
    }
    assertThat(grants).as("operations that meant something").isGreaterThan(20L * lives);
  }

  /** One set of devices from its first request to its end. */
  private static final class Life {
    private final Random random;
    private final int maxPasses;
    private final Map<String, Long> budgets = new LinkedHashMap<>();
    private final Admission admission;
    private final ReferenceQueue reference;
    private final Map<Integer, Ticket> open = new HashMap<>();
    private final List<Ticket> closed = new ArrayList<>();
    private final long queueLimit;
    private long grants;
    private int ids;

    Life(long seed) {
      random = new Random(seed);
      maxPasses = random.nextInt(5);
      queueLimit = 2 + random.nextInt(20);
      for (int device = 0; device <= random.nextInt(3); device++) {
        budgets.put("d" + device, 10L + random.nextInt(20));
      }
      admission =
          new Admission(
              budgets.entrySet().stream()
                  .map(e -> DeviceBudget.ofBytes(e.getKey(), e.getValue() + 5, e.getValue(), 0))
                  .toList(),
              maxPasses);
      reference = new ReferenceQueue(budgets, maxPasses);
    }

    long run() {
      for (int i = 0; i < OPERATIONS; i++) {
        int dice = random.nextInt(1000);
        if (dice < 1) {
          admission.shutDown("test");
          reference.shutDown();
        } else if (dice < 4) {
          String device = anyDevice();
          admission.quarantine(device, "test", i);
          reference.quarantine(device);
        } else if (dice < 40 && !closed.isEmpty()) {
          assertThat(admission.close(closed.get(random.nextInt(closed.size())), i)).isEmpty();
        } else if (dice < 70) {
          leaveAny();
        } else if (dice < 500 && waiting() < queueLimit) {
          request();
        } else {
          closeAny(dice < 600 ? Ticket.State.WAITING : Ticket.State.HELD);
        }
        compare();
      }
      drain();
      return grants;
    }

    private void request() {
      List<String> names = budgets.keySet().stream().filter(name -> random.nextInt(3) > 0).toList();
      if (names.isEmpty()) {
        names = List.of(anyDevice());
      }
      LeaseRequest request =
          random.nextInt(6) == 0
              ? LeaseRequest.resident(names.get(0), 1 + random.nextInt(16))
              : LeaseRequest.ofAny(names, 1 + random.nextInt(32), random.nextInt(6));
      if (reference.accepts(request)) {
        open.put(ids, admission.submit(request, 0));
        reference.add(ids++, request);
      } else {
        assertThatThrownBy(() -> admission.submit(request, 0)).isInstanceOf(GpuException.class);
      }
    }

    /** A lease is closed, or a request cancelled or interrupted. */
    private void closeAny(Ticket.State state) {
      any(state).ifPresent(this::close);
    }

    /** Bytes are to be given back when work that uses them has ended. */
    private void leaveAny() {
      any(Ticket.State.HELD)
          .ifPresent(
              id -> {
                admission.leave(open.get(id), 0);
                reference.leave(id);
              });
    }

    private Optional<Integer> any(Ticket.State state) {
      List<Integer> ids =
          open.keySet().stream().filter(id -> open.get(id).state() == state).sorted().toList();
      return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
    }

    private void close(int id) {
      Ticket ticket = open.remove(id);
      grants += ticket.state() == Ticket.State.HELD ? 1 : 0;
      admission.close(ticket, 0);
      reference.remove(id);
      closed.add(ticket);
    }

    private long waiting() {
      return open.values().stream().filter(t -> t.state() == Ticket.State.WAITING).count();
    }

    private String anyDevice() {
      return "d" + random.nextInt(budgets.size());
    }

    private void compare() {
      Map<Integer, String> expected = new HashMap<>();
      for (ReferenceQueue.Entry entry : reference.entries()) {
        expected.put(entry.id, entry.device + "/" + entry.passes);
      }
      open.values().removeIf(ticket -> ticket.state() == Ticket.State.FAILED && closed.add(ticket));
      Map<Integer, String> actual = new HashMap<>();
      open.forEach((id, ticket) -> actual.put(id, ticket.device() + "/" + ticket.passes()));
      if (!actual.equals(expected)) {
        assertThat(actual).isEqualTo(expected);
      }
      for (DeviceState device : admission.devices().values()) {
        long held = device.budget().bytes() - device.freeBytes();
        if (held != reference.held(device.name()) || device.freeBytes() < 0) {
          assertThat(held)
              .as("bytes held on %s with a budget of %s", device.name(), device.budget().bytes())
              .isEqualTo(reference.held(device.name()))
              .isLessThanOrEqualTo(device.budget().bytes());
        }
      }
      for (Ticket ticket : open.values()) {
        if (ticket.passes() > maxPasses) {
          assertThat(ticket.passes()).as("passes").isLessThanOrEqualTo(maxPasses);
        }
      }
    }

    /** When all that is held is closed again and again, everybody gets a turn. */
    private void drain() {
      int rounds = open.size();
      for (int round = 0; round < rounds; round++) {
        List<Integer> held =
            open.entrySet().stream()
                .filter(e -> e.getValue().state() == Ticket.State.HELD)
                .map(Map.Entry::getKey)
                .sorted()
                .collect(Collectors.toList());
        held.forEach(this::close);
        compare();
      }
      assertThat(open).as("requests that never got a turn").isEmpty();
      for (DeviceState device : admission.devices().values()) {
        assertThat(device.freeBytes()).isEqualTo(device.budget().bytes());
      }
    }
  }
}
