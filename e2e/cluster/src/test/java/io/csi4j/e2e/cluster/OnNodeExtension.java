package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Does what {@link OnNode} promises, and tells how long each test took. */
final class OnNodeExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(OnNodeExtension.class);
  private static final Path REPORTS = Path.of("target", "e2e");

  /** How long what took, of one class. */
  private static final class Table {
    private final long beganNanos = System.nanoTime();
    private final ConcurrentSkipListMap<String, String> lines = new ConcurrentSkipListMap<>();

    void add(String what, long beganNanos) {
      lines.put(what, "%7.1f s  %s%n".formatted((System.nanoTime() - beganNanos) / 1e9, what));
    }

    String text(String title) {
      add("(together)", beganNanos);
      return title + System.lineSeparator() + String.join("", lines.values());
    }
  }

  /** JUnit closes it after all else, also where starting or installing has failed. */
  private record OwnCluster(String name) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      ClusterUnderTest.end(name);
    }
  }

  /** Around the node: what is in the store itself and can be closed, JUnit closes, too. */
  private record Installed(NodeUnderTest node) {}

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Files.createDirectories(REPORTS);
    var table = new Table();
    store(context).put(Table.class, table);
    var wanted = context.getRequiredTestClass().getAnnotation(OnNode.class);
    var cluster = cluster(context, wanted.nodes());
    table.add("(cluster)", table.beganNanos);
    var began = System.nanoTime();
    store(context)
        .put(Installed.class, new Installed(NodeUnderTest.install(cluster, wanted.layout())));
    table.add("(installing)", began);
  }

  private static ClusterUnderTest cluster(ExtensionContext context, int nodes) throws Exception {
    if (nodes == 1) {
      return ClusterUnderTest.running();
    }
    var name = "nodes-" + nodes;
    store(context).put(OwnCluster.class, new OwnCluster(name));
    var cluster = ClusterUnderTest.start(name, nodes);
    cluster.load(Installation.image());
    return cluster;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    store(context).put(Long.class, System.nanoTime());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == PodSpace.class || type == NodeUnderTest.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PodSpace.class
        ? store(context)
            .computeIfAbsent(
                PodSpace.class, _ -> known(context, Installed.class).node().space(), PodSpace.class)
        : known(context, Installed.class).node();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    var space = store(context).get(PodSpace.class, PodSpace.class);
    try {
      if (space != null) {
        if (context.getExecutionException().isPresent()) {
          Files.writeString(REPORTS.resolve(space.name() + ".log"), space.describe());
        }
        space.empty();
      }
    } finally {
      known(context, Table.class).add(name(context), known(context, Long.class));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    var table = known(context, Table.class);
    var installed = store(context).get(Installed.class, Installed.class);
    if (installed == null) {
      return;
    }
    var began = System.nanoTime();
    installed.node().close();
    table.add("(removing)", began);
    var type = context.getRequiredTestClass().getSimpleName();
    var text = table.text(type + ": what took how long, tests side by side where they can be");
    Files.writeString(REPORTS.resolve(type.toLowerCase(Locale.ROOT) + "-seconds.txt"), text);
    System.out.print(text);
  }

  private static String name(ExtensionContext context) {
    var method = context.getRequiredTestMethod().getName().replace('_', ' ');
    var shown = context.getDisplayName();
    return shown.startsWith(context.getRequiredTestMethod().getName() + "(")
        ? method
        : method + " " + shown;
  }

  private static <T> T known(ExtensionContext context, Class<T> type) {
    var found = store(context).get(type, type);
    if (found == null) {
      throw new IllegalStateException("no %s in this test".formatted(type.getSimpleName()));
    }
    return found;
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }
}
