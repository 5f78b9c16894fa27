package io.sparkonnx.spark.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** An HTTP server on this machine whose files tests change. */
final class TestServer implements AutoCloseable {
  private final String scheme;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();

  private final List<String> log = new CopyOnWriteArrayList<>();

  /** Requests that are not in the log yet, though their client may have the answer. */
  private final AtomicInteger open = new AtomicInteger();

  TestServer() {
    this("http", HttpServer::create);
  }

  private TestServer(String scheme, Maker maker) {
    this.scheme = scheme;
    try {
      server = maker.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** A server that shows the certificate of a context. */
  static TestServer https(SSLContext context) {
    return new TestServer(
        "https",
        (address, backlog) -> {
          HttpsServer server = HttpsServer.create(address, backlog);
          server.setHttpsConfigurator(new HttpsConfigurator(context));
          return server;
        });
  }

  private interface Maker {
    HttpServer create(InetSocketAddress address, int backlog) throws IOException;
  }

  private void answer(HttpExchange exchange) throws IOException {
    open.incrementAndGet();
    String path = exchange.getRequestURI().getRawPath();
    try {
      handlers.getOrDefault(path, e -> e.sendResponseHeaders(404, -1)).handle(exchange);
    } finally {
      log.add(path + " " + exchange.getResponseCode());
      open.decrementAndGet();
      exchange.close();
    }
  }

  String url(String path) {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** Path and status of what was answered so far. */
  List<String> log() {
    while (open.get() > 0) {
      Thread.onSpinWait();
    }
    return List.copyOf(log);
  }

  /** How often a path was answered with a status. */
  long count(String path, int status) {
    return log().stream().filter((path + " " + status)::equals).count();
  }

  void handle(String path, HttpHandler handler) {
    handlers.put(path, handler);
  }

  /** A file; with an ETag, requests that name it are answered 304. */
  String file(String path, byte[] content, String etag) {
    handle(
        path,
        exchange -> {
          if (etag != null) {
            exchange.getResponseHeaders().set("ETag", etag);
            if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
              exchange.sendResponseHeaders(304, -1);
              return;
            }
          }
          send(exchange, content);
        });
    return url(path);
  }

  static void send(HttpExchange exchange, byte[] content) throws IOException {
    exchange.sendResponseHeaders(200, content.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(content);
    }
  }

  String redirect(String path, String target) {
    handle(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Location", target);
          exchange.sendResponseHeaders(302, -1);
        });
    return url(path);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
