package io.sparkonnx.spark.ui;

import io.sparkonnx.spark.plan.Sequences;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.status.KVUtils;
import org.apache.spark.ui.CspNonce;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.UIUtils;
import org.apache.spark.ui.WebUIPage;
import org.apache.spark.util.kvstore.KVStore;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.xml.Node;
import scala.xml.Unparsed;

/** The page {@code /onnx}: models, rows over time, time split, batches, devices, bad rows. */
final class OnnxPage extends WebUIPage {
  /** The latest queries that are listed. */
  private static final int QUERIES = 100;

  private static final long REFRESH_MILLIS = 2000;

  private static final String HELP =
      "What onnx_predict and try_onnx_predict do in this application: all queries, as far as their"
          + " tasks have told.";

  private final OnnxTab tab;
  private final SparkUI ui;
  private final boolean live;

  OnnxPage(OnnxTab tab, SparkUI ui, boolean live) {
    super("");
    this.tab = tab;
    this.ui = ui;
    this.live = live;
  }

  @Override
  public Seq<Node> render(HttpServletRequest request) {
    String content =
        OnnxStyle.ELEMENT + "<div id=\"onnx\">" + content(request) + "</div>" + refresh();
    return UIUtils.headerSparkPage(
        request,
        "Models",
        () -> Sequences.<Node>of(new Unparsed(content)),
        tab,
        Option.apply(HELP),
        false,
        false,
        false);
  }

  private String content(HttpServletRequest request) {
    KVStore store = ui.store().store();
    ApplicationUse use;
    List<QueryUse> queries;
    try {
      use = store.read(ApplicationUse.class, ApplicationUse.KEY);
      queries =
          Sequences.list(KVUtils.viewToSeq(store.view(QueryUse.class).reverse().max(QUERIES)));
    } catch (NoSuchElementException e) {
      return "<p>No task has told of its work yet.</p>";
    } catch (Exception e) {
      throw new IllegalStateException("cannot read what models did: " + e.getMessage(), e);
    }
    String executions = UIUtils.prependBaseUri(request, tab.basePath(), "/SQL/execution/?id=");
    return UseSections.html(use)
        + QueryTable.html(queries, executions)
        + ExecutorTable.html(use)
        + UseSections.badRows(use);
  }

  /** Brings a live page up to date without loading it anew. */
  private String refresh() {
    if (!live) {
      return "";
    }
    return "<script nonce=\""
        + CspNonce.get()
        + "\">setInterval(() => fetch(location.href).then(page => page.text()).then(text => {"
        + "const next = new DOMParser().parseFromString(text, 'text/html').getElementById('onnx');"
        + "if (next) document.getElementById('onnx').replaceWith(next);}).catch(() => {}), "
        + REFRESH_MILLIS
        + ");</script>";
  }
}
