package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a run allocates beside its results does not grow with its rows. A JVM's compiler may by
 * chance make objects of vectors for good, so one of a few JVMs has to show it.
 */
class AllocationTest {
  private static final int JVMS = 3;

  /**
   * Bytes of a block. Maps are one object; a classifier and trees make one or two that the compiler
   * may keep: where features lie and where scores go.
   */
  private static final Map<String, Long> BLOCK_BYTES =
      Map.of("logistic regression", 96L, "trees", 32L);

  private static final Pattern GROWTH = Pattern.compile("blocks (\\d+) bytes (-?\\d+)");

  static Set<String> kinds() {
    return BlockModels.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void moreBlocksNeedNoMoreObjects(String kind) throws Exception {
    long allowed = BLOCK_BYTES.getOrDefault(kind, 0L);
    List<Long> bytes = new ArrayList<>();
    do {
      String printed = inJvm(kind, allowed);
      Matcher growth = GROWTH.matcher(printed);
      assertThat(growth.find()).as(printed).isTrue();
      long blocks = Long.parseLong(growth.group(1));
      assertThat(blocks).as("further blocks").isGreaterThan(4);
      bytes.add(Long.parseLong(growth.group(2)) / blocks);
    } while (!isAmong(bytes, allowed) && bytes.size() < JVMS);
    assertThat(isAmong(bytes, allowed)).as("bytes of a block: %s", bytes).isTrue();
  }

  private static boolean isAmong(List<Long> bytes, long allowed) {
    return bytes.stream().anyMatch(each -> each >= 0 && each <= allowed);
  }

  private static String inJvm(String kind, long allowed) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path output = Files.createTempFile("allocation", ".txt");
    Process process =
        new ProcessBuilder(
                List.of(
                    java,
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-Xmx1g",
                    "-cp",
                    classPath,
                    AllocationGrowth.class.getName(),
                    kind,
                    String.valueOf(allowed)))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.waitFor(4, TimeUnit.MINUTES);
    process.destroyForcibly();
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    Files.delete(output);
    return printed;
  }
}
