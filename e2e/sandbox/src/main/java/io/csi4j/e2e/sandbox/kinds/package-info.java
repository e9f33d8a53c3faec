/**
 * Which kinds there are: names, columns, fields and how lists in them merge; built in or from a
 * CRD.
 */
@NullMarked
package io.csi4j.e2e.sandbox.kinds;

import org.jspecify.annotations.NullMarked;
