package io.sparkonnx.gpu;

/** A request on its way from arrival to grant and close. Owned by {@link Admission}. */
final class Ticket {
  enum State {
    WAITING,
    HELD,
    FAILED,
    CLOSED
  }

  private final LeaseRequest request;
  private final long arrival;
  private final long arrivalNanos;
  private State state = State.WAITING;
  private int passes;
  private String device;
  private long waitedNanos;
  private boolean leaving;
  private GpuException failure;

  Ticket(LeaseRequest request, long arrival, long arrivalNanos) {
    this.request = request;
    this.arrival = arrival;
    this.arrivalNanos = arrivalNanos;
  }

  LeaseRequest request() {
    return request;
  }

  /** Its place in the order of arrival. */
  long arrival() {
    return arrival;
  }

  long arrivalNanos() {
    return arrivalNanos;
  }

  State state() {
    return state;
  }

  /** Grants to later arrivals, on devices that would have done, while this one waited. */
  int passes() {
    return passes;
  }

  /** The device that was granted. */
  String device() {
    return device;
  }

  long waitedNanos() {
    return waitedNanos;
  }

  /** Why the request failed. */
  GpuException failure() {
    return failure;
  }

  void passed() {
    passes++;
  }

  void grant(String name, long nanos) {
    device = name;
    waitedNanos = nanos - arrivalNanos;
    state = State.HELD;
  }

  void fail(GpuException cause) {
    failure = cause;
    state = State.FAILED;
  }

  /** Whether its bytes stay when batches are over. */
  boolean stays() {
    return request.resident() && !leaving;
  }

  void leave() {
    leaving = true;
  }

  void close() {
    state = State.CLOSED;
  }
}
