package io.csi4j.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a class's tests with pods on the real node, on which the manifests are installed before the
 * first and removed after the last. Each test gets a {@link PodSpace} of its own, which is emptied
 * after it; then nothing that its volumes had on the node may be left. Tests may run beside each
 * other.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnNodeExtension.class)
@interface OnNode {

  /** What is installed: a file among the plain manifests. */
  String layout() default "all-in-one.yaml";

  /** With more than one, the class gets a cluster of its own, with so many nodes. */
  int nodes() default 1;
}
