@NullMarked
package io.csi4j.e2e.sandbox;

import org.jspecify.annotations.NullMarked;
