/**
 * Tells kubelet where the CSI driver's socket is. Read {@link
 * io.csi4j.sidecars.registrar.Registrar} for the order of things, {@code RegistrationSocket} for
 * the file that kubelet watches, {@code RegistrationService} for the two calls.
 */
@NullMarked
package io.csi4j.sidecars.registrar;

import org.jspecify.annotations.NullMarked;
