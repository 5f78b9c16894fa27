package io.sparkonnx.engine.op.tensor;

import java.util.Locale;

/** How a place along a resized axis becomes one along the original axis. */
enum Coordinates {
  HALF_PIXEL,
  HALF_PIXEL_SYMMETRIC,
  PYTORCH_HALF_PIXEL,
  ALIGN_CORNERS,
  ASYMMETRIC,
  /** Of version 11. */
  TF_HALF_PIXEL_FOR_NN,
  TF_CROP_AND_RESIZE;

  /** What ONNX calls so, or null. */
  static Coordinates named(String name) {
    for (Coordinates coordinates : values()) {
      if (coordinates.name().toLowerCase(Locale.ROOT).equals(name)) {
        return coordinates;
      }
    }
    return null;
  }

  /** The place, which may lie outside the axis. */
  double original(int place, Stretch axis) {
    double fromCentre = (place + 0.5) / axis.scale() - 0.5;
    double last = axis.from() - 1;
    return switch (this) {
      case HALF_PIXEL -> fromCentre;
      case HALF_PIXEL_SYMMETRIC -> axis.from() / 2.0 * (1 - axis.to() / axis.wanted()) + fromCentre;
      case PYTORCH_HALF_PIXEL -> axis.to() > 1 ? fromCentre : 0;
      case ALIGN_CORNERS -> axis.wanted() == 1 ? 0 : place * last / (axis.wanted() - 1);
      case ASYMMETRIC -> place / axis.scale();
      case TF_HALF_PIXEL_FOR_NN -> (place + 0.5) / axis.scale();
      case TF_CROP_AND_RESIZE ->
          axis.wanted() == 1
              ? (axis.start() + axis.end()) * last / 2
              : axis.start() * last
                  + place * (axis.end() - axis.start()) * last / (axis.wanted() - 1);
    };
  }
}
