package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} is made of {@link OnnxConf}. */
class ConfigurationPageTest {
  private static final String COMMAND =
      "mvn -pl spark-connector -am test -Dtest=ConfigurationPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dsparkonnx.write=true";

  private static Path page() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("docs"))) {
      folder = folder.getParent();
    }
    return folder.resolve("docs/configuration.md");
  }

  private static String text() {
    StringBuilder page =
        new StringBuilder(
            """
            # Configuration

            <!-- Generated from OnnxConf; do not edit. To write it anew:
            """);
    page.append(COMMAND)
        .append(
            """
             -->

            A call's option goes before the session's setting, which goes before the initial value. Settings of
            the application are given when it starts (`--conf`, `spark-defaults.conf`); `SET` refuses them.
            """);
    OnnxConf.keys().forEach(key -> page.append(section(key)));
    return page.toString();
  }

  private static String section(ConfKey<?> key) {
    StringBuilder section = new StringBuilder("\n## `" + key.name() + "`\n\n" + key.doc() + "\n\n");
    String initial = key.initial() == null ? key.otherwise() : "`" + key.initial() + "`";
    section
        .append("- Set by: ")
        .append(key.scope() == ConfKey.Scope.SESSION ? "session" : "application");
    if (key.option() != null) {
      section.append("; option `").append(key.option()).append("` of a call");
    }
    String expected = key.expected();
    if (expected.endsWith(",")) {
      expected = expected.substring(0, expected.length() - 1);
    }
    section.append("\n- Value: ").append(expected);
    return section.append("\n- Where it is not set: ").append(initial).append("\n").toString();
  }

  @Test
  void thePageTellsTheSettingsAsTheyAre() throws IOException {
    if (Boolean.getBoolean("sparkonnx.write")) {
      Files.writeString(page(), text());
    }
    assertThat(page()).as("docs/configuration.md is stale; run " + COMMAND).hasContent(text());
  }

  @Test
  void theSettingsAreSorted() {
    assertThat(OnnxConf.keys()).isSortedAccordingTo(Comparator.comparing(ConfKey::name));
  }
}
