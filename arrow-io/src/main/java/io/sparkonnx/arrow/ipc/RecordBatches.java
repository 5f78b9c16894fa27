package io.sparkonnx.arrow.ipc;

import java.io.IOException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/** Record batches one after the other, in the same vectors. Closing releases the vectors. */
public interface RecordBatches extends AutoCloseable {
  /**
   * Replaces the vectors' rows by those of the next batch.
   *
   * @return whether there was one
   * @throws CorruptArrowException if the batch contradicts itself
   */
  boolean next() throws IOException;

  /** The vectors; valid until the next batch. */
  VectorSchemaRoot root();

  /** The dictionaries of encoded vectors; valid until the next batch. */
  DictionaryProvider dictionaries();

  @Override
  void close() throws IOException;
}
