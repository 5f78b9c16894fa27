package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.ExternalFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** External data in a folder of this machine; links may lead nowhere outside. */
public final class ExternalFolder implements ExternalFiles {
  /** Shorter data is read rather than mapped. */
  private static final int MAPPED_FROM = 1 << 20;

  private final Path folder;

  public ExternalFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  private record Channel(FileChannel channel) implements ExternalFile {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public ByteBuffer read(long offset, int size) throws IOException {
      if (size >= MAPPED_FROM) {
        return channel.map(MapMode.READ_ONLY, offset, size);
      }
      ByteBuffer bytes = ByteBuffer.allocate(size);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new EOFException();
        }
      }
      return bytes.flip();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Override
  public ExternalFile open(String path) throws IOException {
    Path file = resolve(path);
    if (file == null || !Files.isRegularFile(file)) {
      return null;
    }
    Path real = file.toRealPath();
    if (!file.startsWith(folder) || !real.startsWith(folder.toRealPath())) {
      throw new OutsideException();
    }
    return new Channel(FileChannel.open(real, StandardOpenOption.READ));
  }

  private Path resolve(String path) {
    try {
      return folder.resolve(path).normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
