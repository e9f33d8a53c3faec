package io.csi4j.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a control plane of its own (etcd, kube-apiserver, kube-controller-manager,
 * scheduler; no node), started before its first test and taken away with its data after the last.
 * Constructors and methods get it as a parameter of type {@link ControlPlane}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ControlPlaneExtension.class)
@interface WithControlPlane {

  /** Unlike that of any other class: control planes live side by side. */
  String name();

  /** More flags for {@code e2e/cluster/up}. */
  String[] flags() default {};
}
