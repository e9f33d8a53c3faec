package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts and ends what {@link WithControlPlane} asks for. */
final class ControlPlaneExtension implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(ControlPlaneExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ControlPlane.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var testClass = context.getRequiredTestClass();
    var wanted = testClass.getAnnotation(WithControlPlane.class);
    var store = store(context);
    // The store closes it with the class's last test.
    return store.computeIfAbsent(testClass, _ -> start(wanted), ControlPlane.class);
  }

  /** That of the class, although a method may ask first. */
  private static ExtensionContext.Store store(ExtensionContext context) {
    var ofClass = context;
    while (ofClass.getTestMethod().isPresent()) {
      ofClass = ofClass.getParent().orElseThrow();
    }
    return ofClass.getStore(NAMESPACE);
  }

  private static ControlPlane start(WithControlPlane wanted) {
    try {
      return ControlPlane.start(wanted.name(), wanted.flags());
    } catch (IOException e) {
      throw new UncheckedIOException("control plane " + wanted.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting " + wanted.name(), e);
    }
  }
}
