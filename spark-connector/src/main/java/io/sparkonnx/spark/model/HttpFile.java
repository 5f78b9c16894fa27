package io.sparkonnx.spark.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** A file of an HTTP server, known by its ETag or, without a strong one, by its bytes. */
record HttpFile(URI uri, ModelAccess access) implements ModelFile {
  private static final int REDIRECTS = 5;

  /**
   * What a server may decode to a dot, a slash, a backslash or another percent sign; or a
   * semicolon, with which a name's parameters begin, so that some servers read {@code ..;} as two
   * dots.
   */
  private static final Pattern TRICKY =
      Pattern.compile("%2e|%2f|%5c|%25|%00|%3b|;|\\\\", Pattern.CASE_INSENSITIVE);

  static boolean isHttp(String location) {
    String start = location.substring(0, Math.min(8, location.length())).toLowerCase(Locale.ROOT);
    return start.startsWith("http://") || start.equals("https://");
  }

  /**
   * @throws IOException if it is no URL or outside the allowed roots
   */
  static HttpFile at(String location, ModelAccess access) throws IOException {
    URI uri;
    try {
      uri = new URI(location).normalize();
    } catch (URISyntaxException e) {
      throw new IOException("it is no URL: " + e.getMessage(), e);
    }
    check(uri, access);
    return new HttpFile(uri, access);
  }

  private static void check(URI uri, ModelAccess access) throws IOException {
    if (uri.getScheme() == null || !isHttp(uri.toString())) {
      throw new IOException("it leads to " + uri + ", which is no URL of an HTTP server");
    }
    if (uri.getHost() == null) {
      throw new IOException("its URL has no host");
    }
    if (uri.getUserInfo() != null || uri.getFragment() != null) {
      throw new IOException(
          "its URL has a user or a fragment; only host, path and query are taken");
    }
    if (access.roots().isRestricted() && TRICKY.matcher(uri.getRawPath()).find()) {
      throw new IOException(
          "its path has encoded dots or slashes, or a semicolon, which are refused");
    }
    access.roots().check(Place.of(uri));
  }

  @Override
  public String location() {
    return uri.toString();
  }

  @Override
  public HttpFile beside(String path) throws IOException {
    String folder = uri.getRawPath().substring(0, uri.getRawPath().lastIndexOf('/') + 1);
    try {
      String encoded = new URI(null, null, "/" + path, null).getRawPath().substring(1);
      return at(uri.getScheme() + "://" + uri.getRawAuthority() + folder + encoded, access);
    } catch (URISyntaxException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Content read(String tag, PiecedBytes.Limit limit) throws IOException {
    URI hop = uri;
    for (int redirects = 0; redirects <= REDIRECTS; redirects++) {
      HttpURLConnection connection = open(hop, tag);
      try {
        int status = status(connection);
        URI next = redirect(hop, connection, status);
        if (next == null) {
          return content(connection, status, tag, limit);
        }
        check(next, access);
        hop = next;
      } finally {
        connection.disconnect();
      }
    }
    throw new IOException("its server redirects more than " + REDIRECTS + " times");
  }

  private HttpURLConnection open(URI hop, String tag) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) hop.toURL().openConnection();
    int millis = (int) access.timeout().toMillis();
    connection.setConnectTimeout(millis);
    connection.setReadTimeout(millis);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept-Encoding", "identity");
    if (tag != null) {
      connection.setRequestProperty("If-None-Match", tag);
    }
    return connection;
  }

  private static int status(HttpURLConnection connection) throws IOException {
    try {
      return connection.getResponseCode();
    } catch (SSLException e) {
      if (!(e.getCause() instanceof CertificateException problem)) {
        throw e;
      }
      throw new IOException(
          "the certificate of its server is not trusted: "
              + problem.getMessage()
              + "; the driver trusts what javax.net.ssl.trustStore holds, or else its JDK's store",
          e);
    }
  }

  private static URI redirect(URI hop, HttpURLConnection connection, int status)
      throws IOException {
    String target = connection.getHeaderField("Location");
    if (status < 300 || status > 399 || status == 304 || target == null) {
      return null;
    }
    try {
      URI next = hop.resolve(new URI(target)).normalize();
      if ("https".equals(hop.getScheme()) && !"https".equals(next.getScheme())) {
        throw new IOException("its server redirects from https to " + next.getScheme());
      }
      return next;
    } catch (URISyntaxException e) {
      throw new IOException("its server redirects to what is no URL: " + e.getMessage(), e);
    }
  }

  private static Content content(
      HttpURLConnection connection, int status, String tag, PiecedBytes.Limit limit)
      throws IOException {
    if (status == HttpURLConnection.HTTP_NOT_MODIFIED && tag != null) {
      return null;
    }
    if (status == HttpURLConnection.HTTP_NOT_FOUND || status == HttpURLConnection.HTTP_GONE) {
      throw new FileNotFoundException(connection.getURL().toString());
    }
    if (status != HttpURLConnection.HTTP_OK) {
      throw new IOException("its server answers " + status);
    }
    String now = strongTag(connection.getHeaderField("ETag"));
    if (now != null && Objects.equals(now, tag)) {
      return null;
    }
    String encoding = connection.getContentEncoding();
    if (encoding != null && !encoding.equals("identity")) {
      throw new IOException("its server sends it in the encoding " + encoding);
    }
    try (InputStream in = connection.getInputStream()) {
      return new Content(now, PiecedBytes.read(in, connection.getContentLengthLong(), limit));
    }
  }

  /** Weak tags may stay when bytes change. */
  private static String strongTag(String etag) {
    return etag == null || etag.startsWith("W/") ? null : etag;
  }
}
