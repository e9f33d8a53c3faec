/** Who asks and whether he may: tokens and RBAC. */
@NullMarked
package io.csi4j.e2e.sandbox.access;

import org.jspecify.annotations.NullMarked;
