package io.sparkonnx.spark.image;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Images as Spark's image data source gives them: a struct of origin, height, width, nChannels, an
 * OpenCV mode, and 8-bit samples row by row in the order blue, green, red, alpha.
 */
final class SparkImage {
  private static final String FIELDS =
      "struct<origin:string,height:int,width:int,nChannels:int,mode:int,data:binary>";

  private static final int FIELD_COUNT = 6;
  private static final int HEIGHT = 1;
  private static final int WIDTH = 2;
  private static final int CHANNELS = 3;
  private static final int MODE = 4;
  private static final int DATA = 5;

  private SparkImage() {}

  static boolean isType(DataType type) {
    return type instanceof StructType struct && struct.catalogString().equals(FIELDS);
  }

  /** Where the image comes from. */
  static String origin(InternalRow image) {
    UTF8String origin = image.getUTF8String(0);
    return origin == null ? "" : origin.toString();
  }

  static Pixels decode(InternalRow image) {
    for (int field = 1; field < FIELD_COUNT; field++) {
      if (image.isNullAt(field)) {
        throw new BadImageException("its struct holds NULL", null);
      }
    }
    int height = image.getInt(HEIGHT);
    int width = image.getInt(WIDTH);
    int channels = image.getInt(CHANNELS);
    int mode = image.getInt(MODE);
    byte[] data = image.getBinary(DATA);
    if (mode != mode(channels)) {
      throw new BadImageException(
          "it has " + channels + " channels and mode " + mode + ", which is not 8 bits deep", null);
    }
    if (height < 1 || width < 1 || data.length != (long) height * width * channels) {
      throw new BadImageException(
          "it has " + data.length + " bytes for " + height + "×" + width + "×" + channels, null);
    }
    return channels == 1
        ? new Pixels(height, width, 1, data)
        : new Pixels(height, width, 3, colors(data, channels));
  }

  /** OpenCV's mode of 8-bit images. */
  private static int mode(int channels) {
    return switch (channels) {
      case 1 -> 0;
      case 3 -> 16;
      case 4 -> 24;
      default -> Integer.MIN_VALUE;
    };
  }

  private static byte[] colors(byte[] data, int channels) {
    byte[] samples = new byte[data.length / channels * 3];
    for (int pixel = 0; pixel < data.length / channels; pixel++) {
      samples[3 * pixel] = data[channels * pixel + 2];
      samples[3 * pixel + 1] = data[channels * pixel + 1];
      samples[3 * pixel + 2] = data[channels * pixel];
    }
    return samples;
  }
}
