package io.sparkonnx.arrow.ipc;

import java.io.IOException;
import org.apache.arrow.memory.ArrowBuf;

/** The body of one message. */
interface BodySource {
  /** Bytes of the body. */
  long length();

  /** A range of the body, which the caller releases. The range lies within the body. */
  ArrowBuf read(long offset, long length) throws IOException;
}
