package io.sparkonnx.engine.tensor;

/**
 * A view of part of an array whose place moves, so that one object shows part after part. Whoever
 * got the view sees it move and must not keep it beyond the next {@link #at}. For one thread.
 */
public final class MovingView {
  private final Tensor view;

  /**
   * @param source the array to look at
   * @param offset array index of the first element
   * @param dims shape of every part
   */
  public MovingView(Tensor source, int offset, int... dims) {
    this.view = source.view(offset, dims);
  }

  /** Whether this looks at the array of {@code source} in shape {@code dims}. */
  public boolean isOf(Tensor source, int... dims) {
    return view.sharesArray(source) && view.hasDims(dims);
  }

  /**
   * The view, moved.
   *
   * @param offset array index of the first element
   * @throws IllegalArgumentException if the part is not inside the array
   */
  public Tensor at(int offset) {
    view.moveTo(offset);
    return view;
  }
}
