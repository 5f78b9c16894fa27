package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Lists of Java and of Scala. */
public final class Sequences {
  private Sequences() {}

  public static <T> Seq<T> seq(List<? extends T> list) {
    return CollectionConverters.<T>asScala(List.copyOf(list)).toSeq();
  }

  public static <T> Seq<T> of(T element) {
    return seq(List.of(element));
  }

  public static <T> Seq<T> concat(Seq<T> first, Seq<T> second) {
    List<T> all = new ArrayList<>(list(first));
    all.addAll(list(second));
    return seq(all);
  }

  public static <T> List<T> list(scala.collection.Seq<T> seq) {
    return List.copyOf(CollectionConverters.asJava(seq));
  }
}
