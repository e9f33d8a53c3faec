/**
 * An embedded Kubernetes API server. Read {@link io.csi4j.e2e.sandbox.Sandbox} first, then {@code
 * api/Api}, which leads a request from its path to its answer, then {@code store/Store}. What is
 * special about a kind is in {@code kinds} (names, fields, columns) and {@code rules} (defaults,
 * checks). The contract tests in {@code api} run against a real kube-apiserver, too; where the two
 * differ, this one is wrong.
 */
@NullMarked
package io.csi4j.e2e.sandbox;

import org.jspecify.annotations.NullMarked;
