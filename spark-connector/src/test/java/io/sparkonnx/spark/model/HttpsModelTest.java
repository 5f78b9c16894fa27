package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.spark.cli.ChildJvm;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of servers with TLS, which are trusted by their certificates. */
class HttpsModelTest {
  private static final String PASSWORD = "secret";

  @TempDir Path folder;
  private TestServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  /** Starts a server whose certificate is for a name, and returns a store that holds it. */
  private Path start(String name) throws Exception {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=server",
                "-ext",
                "SAN=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = TestServer.https(context);
    return store;
  }

  /** What a JVM that trusts a store says of models for x = [1, 1]. */
  private static String predictTrusting(Path store, String... urls) throws Exception {
    ChildJvm.Ended ended =
        ChildJvm.run(
            Client.class,
            List.of(
                "-Djavax.net.ssl.trustStore=" + store,
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD),
            urls);
    assertThat(ended.status()).as(ended.output()).isZero();
    return ended
        .output()
        .lines()
        .filter(line -> !line.startsWith("WARNING: "))
        .collect(Collectors.joining("\n"));
  }

  /** Prints what each model gives, or why it cannot be read. */
  static final class Client {
    private Client() {}

    public static void main(String[] urls) {
      for (String url : urls) {
        try {
          System.out.println("gives " + Access.predict(url, Access.of(), 1, 1));
        } catch (OnnxException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }

  @Test
  void aServerThatIsNotTrustedIsRefused() throws Exception {
    start("ip:127.0.0.1");
    String url = server.file("/m.onnx", LinearModel.bytes(1, 2, 3), "\"one\"");
    assertThatThrownBy(() -> DriverModels.analyze(url, null, Access.of()))
        .isInstanceOf(OnnxException.class)
        .hasMessageStartingWith(
            "model " + url + " cannot be read: the certificate of its server is not trusted: PKIX")
        .hasMessageEndingWith(
            "; the driver trusts what javax.net.ssl.trustStore holds, or else its JDK's store");
    assertThat(server.log()).isEmpty();
  }

  @Test
  void aServerOfTheTrustStoreIsRead() throws Exception {
    Path store = start("ip:127.0.0.1");
    String url = server.file("/m.onnx", LinearModel.bytes(1, 2, 3), "\"one\"");
    server.file("/e.onnx", LinearModel.external(4, "w.bin"), null);
    server.file("/w.bin", LinearModel.data(2, 3), null);
    assertThat(predictTrusting(store, url, url, server.url("/e.onnx")))
        .isEqualTo("gives 6.0\ngives 6.0\ngives 9.0");
    assertThat(server.log())
        .containsExactly("/m.onnx 200", "/m.onnx 304", "/e.onnx 200", "/w.bin 200");
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    Path store = start("dns:elsewhere.example");
    String url = server.file("/m.onnx", LinearModel.bytes(1, 2, 3), null);
    assertThat(predictTrusting(store, url))
        .startsWith(
            "model "
                + url
                + " cannot be read: the certificate of its server is not trusted: No subject"
                + " alternative names");
  }

  @Test
  void aRedirectToAServerWithoutTlsIsRefused() throws Exception {
    Path store = start("ip:127.0.0.1");
    try (TestServer open = new TestServer()) {
      String target = open.file("/m.onnx", LinearModel.bytes(1, 2, 3), null);
      String url = server.redirect("/r.onnx", target);
      assertThat(predictTrusting(store, url))
          .isEqualTo("model " + url + " cannot be read: its server redirects from https to http");
      assertThat(open.log()).isEmpty();
    }
  }
}
