package io.sparkonnx.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rule of admission as it is written down, with nothing kept that can be counted anew. */
final class ReferenceQueue {
  /** A request by its number. */
  static final class Entry {
    final int id;
    final LeaseRequest request;
    String device;
    boolean leaving;
    int passes;

    Entry(int id, LeaseRequest request) {
      this.id = id;
      this.request = request;
    }
  }

  private final Map<String, Long> budgets;
  private final int maxPasses;
  private final Set<String> failed = new HashSet<>();
  private final List<Entry> all = new ArrayList<>();
  private boolean shutDown;

  ReferenceQueue(Map<String, Long> budgets, int maxPasses) {
    this.budgets = budgets;
    this.maxPasses = maxPasses;
  }

  /** Whether the request could be granted one day. */
  boolean accepts(LeaseRequest request) {
    return !shutDown
        && request.devices().stream()
            .anyMatch(name -> !failed.contains(name) && request.bytes() <= leftByResidents(name));
  }

  void add(int id, LeaseRequest request) {
    all.add(new Entry(id, request));
    if (request.resident()) {
      dropHopeless();
    }
    grant();
  }

  void remove(int id) {
    all.removeIf(entry -> entry.id == id);
    grant();
  }

  /** What an entry holds stays no longer. */
  void leave(int id) {
    all.stream().filter(entry -> entry.id == id).forEach(entry -> entry.leaving = true);
    grant();
  }

  void quarantine(String device) {
    failed.add(device);
    dropHopeless();
    grant();
  }

  private void dropHopeless() {
    List<Entry> hopeless =
        all.stream()
            .filter(entry -> entry.device == null)
            .filter(
                entry ->
                    entry.request.devices().stream().noneMatch(name -> suits(name, entry.request)))
            .toList();
    all.removeAll(hopeless);
  }

  private long leftByResidents(String device) {
    return budgets.get(device)
        - all.stream()
            .filter(entry -> entry.request.resident() && !entry.leaving)
            .filter(entry -> entry.request.devices().contains(device))
            .mapToLong(entry -> entry.request.bytes())
            .sum();
  }

  void shutDown() {
    shutDown = true;
    all.removeIf(entry -> entry.device == null);
  }

  /** The requests that wait or hold. */
  List<Entry> entries() {
    return all;
  }

  long held(String device) {
    return all.stream()
        .filter(entry -> device.equals(entry.device))
        .mapToLong(entry -> entry.request.bytes())
        .sum();
  }

  private boolean suits(String device, LeaseRequest request) {
    return request.devices().contains(device)
        && !failed.contains(device)
        && (request.resident() || request.bytes() <= leftByResidents(device));
  }

  private void grant() {
    boolean again = true;
    while (again) {
      again = false;
      Map<String, Boolean> taken = new HashMap<>();
      List<Entry> left = new ArrayList<>(all);
      left.removeIf(entry -> entry.device != null);
      while (!left.isEmpty() && !again) {
        Entry next = left.stream().reduce((a, b) -> before(a, b) ? a : b).orElseThrow();
        left.remove(next);
        Optional<String> best = best(next, taken.keySet());
        if (best.isPresent()
            && held(best.get()) + next.request.bytes() <= budgets.get(best.get())) {
          hand(next, best.get());
          again = true;
        } else if (best.isPresent() && next.passes < maxPasses) {
          taken.put(best.get(), true);
        } else if (best.isPresent()) {
          next.request.devices().stream()
              .filter(name -> suits(name, next.request))
              .forEach(name -> taken.put(name, true));
        }
      }
    }
  }

  private Optional<String> best(Entry entry, Set<String> taken) {
    String best = null;
    for (String name : entry.request.devices()) {
      boolean open = suits(name, entry.request) && !taken.contains(name);
      if (open && (best == null || free(name) > free(best))) {
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  private long free(String device) {
    return budgets.get(device) - held(device);
  }

  private void hand(Entry entry, String device) {
    entry.device = device;
    for (Entry other : all) {
      boolean waits = other.device == null && suits(device, other.request);
      if (waits && other.id < entry.id && !entry.request.resident()) {
        other.passes++;
      }
    }
  }

  private boolean before(Entry a, Entry b) {
    if (a.request.resident() != b.request.resident()) {
      return a.request.resident();
    }
    boolean aDue = a.passes >= maxPasses;
    boolean bDue = b.passes >= maxPasses;
    if (aDue != bDue) {
      return aDue;
    }
    if (!aDue && a.request.priority() != b.request.priority()) {
      return a.request.priority() < b.request.priority();
    }
    return a.id < b.id;
  }
}
