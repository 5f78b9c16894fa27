package io.sparkonnx.spark.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.Optional;

/**
 * A resource on the driver's classpath, that of {@code --jars} included.
 *
 * @param name without a leading slash
 */
record ClasspathFile(String name, ModelAccess access) implements ModelFile {
  static final String SCHEME = "classpath:";

  static ClasspathFile at(String location, ModelAccess access) throws IOException {
    Place place = place(location);
    if (!place.holds(place)) {
      throw new IOException("a resource's name has no . or .. in it");
    }
    access.roots().check(place);
    return new ClasspathFile(place.path().substring(1), access);
  }

  static Place place(String location) {
    return new Place(
        "classpath", "", "/" + location.substring(SCHEME.length()).replaceAll("^/+", ""));
  }

  @Override
  public String location() {
    return SCHEME + name;
  }

  @Override
  public ClasspathFile beside(String path) throws IOException {
    return at(SCHEME + name.substring(0, name.lastIndexOf('/') + 1) + path, access);
  }

  @Override
  public Content read(String tag, PiecedBytes.Limit limit) throws IOException {
    ClassLoader loader =
        Optional.ofNullable(Thread.currentThread().getContextClassLoader())
            .orElse(ClasspathFile.class.getClassLoader());
    URL url = loader.getResource(name);
    if (url == null || name.isEmpty() || name.endsWith("/")) {
      throw new FileNotFoundException(location());
    }
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      return new Content(null, PiecedBytes.read(in, -1, limit));
    }
  }
}
