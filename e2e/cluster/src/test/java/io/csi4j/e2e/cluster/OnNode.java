package io.csi4j.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a class's tests with pods on the real node, on which the all-in-one manifests are installed
 * before the first and removed after the last. Each test gets a {@link PodSpace} of its own, which
 * is emptied after it; then nothing that its volumes had on the node may be left. Tests may run
 * beside each other.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnNodeExtension.class)
@interface OnNode {}
