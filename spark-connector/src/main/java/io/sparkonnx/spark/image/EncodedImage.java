package io.sparkonnx.spark.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes what the JDK reads: PNG, JPEG, GIF and BMP. The samples are taken as the file has them:
 * colour profiles, gamma and rotation marks are not applied, transparency is dropped, 16 bits are
 * cut to 8.
 */
final class EncodedImage {
  /** Pixels above which a file is refused before it is decoded. */
  private static final long MAX_PIXELS = 100_000_000;

  private static final int JPEG_MARKER = 0xFF;
  private static final int JPEG_SCAN = 0xDA;
  private static final int JPEG_END = 0xD9;

  private EncodedImage() {}

  static Pixels decode(byte[] bytes) {
    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new BadImageException(
            "its " + bytes.length + " bytes are in no format that is known", null);
      }
      ImageReader reader = readers.next();
      try {
        return decode(reader, stream, bytes);
      } finally {
        reader.dispose();
      }
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new BadImageException(
          "its " + bytes.length + " bytes do not decode: " + e.getMessage(), e);
    }
  }

  private static Pixels decode(ImageReader reader, ImageInputStream stream, byte[] bytes)
      throws IOException {
    reader.setInput(stream, true, true);
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    if ((long) width * height > MAX_PIXELS) {
      throw new BadImageException(
          "it has " + height + "×" + width + " pixels; " + MAX_PIXELS + " are allowed", null);
    }
    if (reader.getFormatName().equalsIgnoreCase("jpeg") && !isWhole(bytes)) {
      throw new BadImageException("its " + bytes.length + " bytes end before the image does", null);
    }
    return pixels(reader.read(0));
  }

  /** Whether the last scan of a JPEG file has an end; the JDK fills the rest with gray. */
  private static boolean isWhole(byte[] bytes) {
    return lastMarker(bytes, JPEG_END) > lastMarker(bytes, JPEG_SCAN);
  }

  private static int lastMarker(byte[] bytes, int marker) {
    for (int i = bytes.length - 2; i >= 0; i--) {
      if ((bytes[i] & 0xFF) == JPEG_MARKER && (bytes[i + 1] & 0xFF) == marker) {
        return i;
      }
    }
    return -1;
  }

  private static Pixels pixels(BufferedImage image) {
    Raster raster = image.getRaster();
    ColorModel colors = image.getColorModel();
    int width = image.getWidth();
    int height = image.getHeight();
    IndexColorModel palette = colors instanceof IndexColorModel indexed ? indexed : null;
    int bands = raster.getNumBands();
    int channels = palette != null || bands >= 3 ? 3 : 1;
    byte[] samples = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    int[] row = new int[width * bands];
    int next = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        if (palette != null) {
          samples[next++] = (byte) palette.getRed(row[x]);
          samples[next++] = (byte) palette.getGreen(row[x]);
          samples[next++] = (byte) palette.getBlue(row[x]);
        } else {
          for (int channel = 0; channel < channels; channel++) {
            int sample = row[x * bands + channel];
            samples[next++] = (byte) eightBits(sample, colors.getComponentSize(channel));
          }
        }
      }
    }
    return new Pixels(height, width, channels, samples);
  }

  private static int eightBits(int sample, int bits) {
    return bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }
}
