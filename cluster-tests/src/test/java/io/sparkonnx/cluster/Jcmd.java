package io.sparkonnx.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What another JVM of this machine tells of itself. */
final class Jcmd {
  /** Instances and bytes of all classes, the last line of a histogram. */
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private Jcmd() {}

  private static String ask(ProcessHandle java, String command) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(java.pid()), command)
            .redirectErrorStream(true)
            .start();
    try (InputStream printed = process.getInputStream()) {
      return new String(printed.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The stacks of all threads at one moment, with an empty line between; or an error. */
  static String threads(ProcessHandle java) throws IOException {
    return ask(java, "Thread.print");
  }

  /** Bytes of the heap after a full collection; empty if the JVM has ended. */
  static OptionalLong liveBytes(ProcessHandle java) throws IOException {
    Matcher total = TOTAL.matcher(ask(java, "GC.class_histogram"));
    return total.find() ? OptionalLong.of(Long.parseLong(total.group(1))) : OptionalLong.empty();
  }
}
