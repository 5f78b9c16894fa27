package io.sparkonnx.spark.model;

import io.sparkonnx.engine.ExternalFiles.ExternalFile;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The bytes of a file of any length, in arrays of one size, of which only the last may be shorter.
 * Nobody changes them.
 */
record PiecedBytes(List<byte[]> pieces) implements ExternalFile {
  /** Size of the pieces that models are read and sent in. */
  static final int PIECE_BYTES = 256 << 20;

  private static final int FIRST_BYTES = 64 << 10;
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  PiecedBytes {
    pieces = List.copyOf(pieces);
  }

  /**
   * Reads a stream to its end.
   *
   * @param expected how many bytes come; −1 where that is not known
   * @param max more bytes are refused
   * @throws EOFException where another number comes
   * @throws OnnxException LIMIT_EXCEEDED
   */
  static PiecedBytes read(InputStream in, long expected, Limit max) throws IOException {
    max.check(expected);
    List<byte[]> pieces = new ArrayList<>();
    long size = 0;
    byte[] piece;
    do {
      long rest = expected < 0 ? FIRST_BYTES : expected - size;
      piece = readAnnounced(in, expected, (int) Math.min(rest, max.pieceBytes()), max.pieceBytes());
      size += piece.length;
      max.check(size);
      if (piece.length > 0) {
        pieces.add(piece);
      }
    } while (piece.length == max.pieceBytes());
    if (expected >= 0 && size != expected) {
      throw differs(size < expected ? "fewer" : "more", expected);
    }
    return new PiecedBytes(pieces);
  }

  private static EOFException differs(String how, long expected) {
    return new EOFException("it has " + how + " bytes than the " + expected + " announced");
  }

  /** {@link #readPiece}; some JDKs tell of a short answer by an exception of their own. */
  private static byte[] readAnnounced(InputStream in, long expected, int first, int max)
      throws IOException {
    try {
      return readPiece(in, first, max);
    } catch (IOException e) {
      if (expected >= 0 && "Premature EOF".equals(e.getMessage())) {
        throw differs("fewer", expected);
      }
      throw e;
    }
  }

  /** Up to a piece; less where the stream ends. */
  private static byte[] readPiece(InputStream in, int first, int max) throws IOException {
    byte[] bytes = new byte[Math.max(1, first)];
    int size = in.readNBytes(bytes, 0, bytes.length);
    while (size == bytes.length && size < max) {
      int next = in.read();
      if (next < 0) {
        return bytes;
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(max, 2L * size));
      bytes[size++] = (byte) next;
      size += in.readNBytes(bytes, size, bytes.length - size);
    }
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  /**
   * How much may be read.
   *
   * @param what is read, for the message
   * @param bytes at most
   * @param pieceBytes size of the pieces
   */
  record Limit(String what, long bytes, int pieceBytes) {
    void check(long size) {
      if (size > bytes) {
        throw new OnnxException(
            Code.LIMIT_EXCEEDED, what + " has more than the " + bytes + " bytes that are allowed");
      }
    }
  }

  @Override
  public long size() {
    return pieces.stream().mapToLong(piece -> piece.length).sum();
  }

  /**
   * All bytes in one array.
   *
   * @throws OnnxException LIMIT_EXCEEDED above 2 GB
   */
  byte[] joined() {
    if (pieces.size() == 1) {
      return pieces.get(0);
    }
    long size = size();
    if (size > MAX_ARRAY) {
      throw new OnnxException(
          Code.LIMIT_EXCEEDED,
          "it has " + size + " bytes, and a model of more than 2 GB keeps its data in other files");
    }
    ByteBuffer all = ByteBuffer.allocate((int) size);
    pieces.forEach(all::put);
    return all.array();
  }

  @Override
  public ByteBuffer read(long offset, int size) throws IOException {
    if (offset + size > size()) {
      throw new EOFException();
    }
    if (size == 0) {
      return ByteBuffer.allocate(0);
    }
    int pieceBytes = pieces.get(0).length;
    int index = (int) (offset / pieceBytes);
    int at = (int) (offset % pieceBytes);
    if (at + (long) size <= pieces.get(index).length) {
      return ByteBuffer.wrap(pieces.get(index), at, size).slice();
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      byte[] piece = pieces.get(index++);
      bytes.put(piece, at, Math.min(bytes.remaining(), piece.length - at));
      at = 0;
    }
    return bytes.flip();
  }

  /** SHA-256, lower-case hexadecimal. */
  String sha256() {
    MessageDigest digest = newSha256();
    pieces.forEach(digest::update);
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {}
}
