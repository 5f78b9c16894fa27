package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.spark.OnnxConf;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of HTTP servers. */
class HttpModelTest {
  private final TestServer server = new TestServer();
  private final ModelAccess access = Access.of(OnnxConf.HTTP_TIMEOUT, "20s");

  @AfterEach
  void stop() {
    server.close();
  }

  private void refused(String url, ModelAccess way, String message) {
    ThrowingCallable analysis = () -> DriverModels.analyze(url, null, way);
    assertThatThrownBy(analysis).isInstanceOf(OnnxException.class).hasMessage(message);
  }

  @Test
  void aFileWithAnEtagIsReadOnceUntilItChanges() {
    String url = server.file("/m.onnx", LinearModel.bytes(1, 2, 3), "\"one\"");
    assertThat(Access.predict(url, access, 1, 1)).isEqualTo(6);
    assertThat(Access.predict(url, access, 1, 1)).isEqualTo(6);
    assertThat(server.log()).containsExactly("/m.onnx 200", "/m.onnx 304");

    server.file("/m.onnx", LinearModel.bytes(7, 2, 3), "\"two\"");
    assertThat(Access.predict(url, access, 1, 1)).isEqualTo(12);
    assertThat(server.count("/m.onnx", 200)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "W/\"weak\""})
  void aFileWithoutAStrongEtagIsKnownByItsBytes(String etag) {
    String tag = etag.isEmpty() ? null : etag;
    float b = etag.length();
    String url = server.file("/m.onnx", LinearModel.bytes(b, 2, 4), tag);
    long loads = CompiledModels.loads();
    assertThat(Access.predict(url, access, 1, 1)).isEqualTo(b + 6);
    assertThat(Access.predict(url, access, 1, 1)).isEqualTo(b + 6);
    assertThat(CompiledModels.loads() - loads).isEqualTo(1);
    server.file("/m.onnx", LinearModel.bytes(b + 1, 2, 4), tag);
    assertThat(Access.predict(url, access, 1, 1)).isEqualTo(b + 7);
    assertThat(server.count("/m.onnx", 200)).isEqualTo(3);
  }

  @Test
  void anEtagIsNotTrustedForAnotherFile() {
    String one = server.file("/1.onnx", LinearModel.bytes(1, 2, 5), "\"same\"");
    String two = server.file("/2.onnx", LinearModel.bytes(2, 2, 5), "\"same\"");
    assertThat(Access.predict(one, access, 1, 1)).isEqualTo(8);
    assertThat(Access.predict(two, access, 1, 1)).isEqualTo(9);
  }

  @Test
  void redirectsAreFollowed() {
    server.file("/final/m.onnx", LinearModel.bytes(1, 2, 6), null);
    server.redirect("/b", "/final/m.onnx");
    String url = server.redirect("/a", server.url("/b"));
    assertThat(Access.predict(url, access, 1, 1)).isEqualTo(9);
  }

  @Test
  void externalDataLiesBesideTheModel() {
    String url = server.file("/x/m.onnx", LinearModel.external(1, "d/w 1.bin"), "\"m\"");
    server.file("/x/d/w%201.bin", LinearModel.data(10, 20), "\"w\"");
    String hash = DriverModels.analyze(url, null, access).reference().sha256();
    assertThat(Access.predict(url, access, 1, 1)).isEqualTo(31);

    server.file("/x/d/w%201.bin", LinearModel.data(10, 30), "\"w2\"");
    assertThat(Access.predict(url, access, 1, 1)).isEqualTo(41);
    assertThat(DriverModels.analyze(url, null, access).reference().sha256()).isNotEqualTo(hash);
    assertThat(server.count("/x/m.onnx", 200)).isEqualTo(1);
  }

  @Test
  void missingFiles() {
    String url = server.url("/none.onnx");
    refused(url, access, "model " + url + " does not exist");
    String model = server.file("/y/m.onnx", LinearModel.external(1, "none.bin"), null);
    refused(model, access, "external data none.bin of model " + model + " does not exist");
  }

  @ParameterizedTest
  @CsvSource({"403", "500", "206"})
  void otherAnswers(int status) {
    server.handle("/m.onnx", exchange -> exchange.sendResponseHeaders(status, -1));
    String url = server.url("/m.onnx");
    refused(url, access, "model " + url + " cannot be read: its server answers " + status);
  }

  @Test
  void aServerThatIsSilentIsLeft() {
    server.handle(
        "/slow.onnx",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(new byte[10]);
          exchange.getResponseBody().flush();
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    String url = server.url("/slow.onnx");
    refused(
        url,
        Access.of(OnnxConf.HTTP_TIMEOUT, "300ms"),
        "model " + url + " cannot be read: Read timed out");
  }

  @Test
  void aBodyThatEndsEarlyIsRefused() {
    byte[] model = LinearModel.bytes(1, 2, 7);
    server.handle(
        "/cut.onnx",
        exchange -> {
          exchange.sendResponseHeaders(200, model.length);
          exchange.getResponseBody().write(model, 0, model.length - 5);
          exchange.getResponseBody().flush();
        });
    String url = server.url("/cut.onnx");
    assertThatThrownBy(() -> DriverModels.analyze(url, null, access))
        .hasMessageStartingWith("model " + url + " cannot be read: ")
        .hasMessageContaining("it has fewer bytes than the " + model.length + " announced");
  }

  @Test
  void aBodyThatIsTooLongIsRefusedBeforeItIsRead() {
    server.handle(
        "/big.onnx",
        exchange -> {
          exchange.sendResponseHeaders(200, 1L << 40);
          exchange.getResponseBody().flush();
        });
    String url = server.url("/big.onnx");
    refused(
        url,
        Access.of(OnnxConf.MAX_MODEL_BYTES, "1000"),
        "model "
            + url
            + " (spark.onnx.maxModelBytes or the heap) has more than the 1000 bytes that are"
            + " allowed");
  }

  @Test
  void aPageOfTextIsNoModel() {
    String url =
        server.file("/m.onnx", "<html>Please log in</html>".getBytes(StandardCharsets.UTF_8), null);
    refused(url, access, "not an ONNX model: it looks like text: '<html>Please log in</html>'");
  }

  @Test
  void redirectsThatDoNotEnd() {
    String url = server.redirect("/loop", "/loop");
    refused(
        url, access, "model " + url + " cannot be read: its server redirects more than 5 times");
  }

  @Test
  void aRedirectMayNotLeaveTheRootsOrHttp() {
    server.file("/secret/m.onnx", LinearModel.bytes(1, 2, 8), null);
    String url = server.redirect("/ok/m.onnx", "/secret/m.onnx");
    ModelAccess restricted = Access.of(OnnxConf.MODEL_ROOTS, server.url("/ok"));
    assertThatThrownBy(() -> DriverModels.analyze(url, null, restricted))
        .hasMessageContaining("/secret/m.onnx is outside the folders that spark.onnx.model.roots");
    assertThat(server.count("/secret/m.onnx", 200)).isZero();

    String local = server.redirect("/local", "file:///etc/passwd");
    refused(
        local,
        access,
        "model "
            + local
            + " cannot be read: it leads to file:///etc/passwd, which is no URL of an HTTP server");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ok/../secret/m.onnx",
        "/ok/%2e%2e/secret/m.onnx",
        "/ok/..%2fsecret/m.onnx",
        "/ok/%2E./secret/m.onnx",
        "/ok/%252e%252e/secret/m.onnx",
        "/ok/..%5csecret/m.onnx",
        "/ok/..;/secret/m.onnx",
        "/ok/..;a=b/secret/m.onnx",
        "/ok/..%3b/secret/m.onnx",
        "/ok/..%3B/secret/m.onnx",
        "/okay/m.onnx",
        "/secret/m.onnx?/ok/m.onnx",
        "/secret/m.onnx"
      })
  void noPathEscapesTheRoots(String path) {
    server.file("/ok/m.onnx", LinearModel.bytes(1, 2, 9), null);
    ModelAccess restricted = Access.of(OnnxConf.MODEL_ROOTS, server.url("/ok"));
    assertThat(Access.predict(server.url("/ok/m.onnx"), restricted, 1, 1)).isEqualTo(12);
    assertThatThrownBy(() -> DriverModels.analyze(server.url(path), null, restricted))
        .hasMessageMatching(".*(is outside the folders|has encoded dots or slashes).*");
    assertThat(server.log()).allMatch(request -> request.startsWith("/ok/m.onnx "));
  }

  @Test
  void urlsThatAreNone() {
    refused(
        "http://host/a b",
        access,
        "model http://host/a b cannot be read: it is no URL: Illegal character in path at index 13:"
            + " http://host/a b");
    refused("http:///m", access, "model http:///m cannot be read: its URL has no host");
    refused(
        "https://user:secret@host/m.onnx",
        access,
        "model https://user:secret@host/m.onnx cannot be read: its URL has a user or a fragment;"
            + " only host, path and query are taken");
  }
}
