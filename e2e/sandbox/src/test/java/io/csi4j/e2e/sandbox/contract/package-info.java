/**
 * What an API server does, as tests that know nothing of the server but its kubeconfig. They run
 * against the sandbox here and against a real kube-apiserver in {@code e2e/cluster}.
 */
@NullMarked
package io.csi4j.e2e.sandbox.contract;

import org.jspecify.annotations.NullMarked;
