/**
 * What is said of an object to a person who asks: the same words for all controllers. A controller
 * explains by letting its own code look, over doors that write nothing.
 */
@NullMarked
package io.csi4j.sidecars.kit.explain;

import org.jspecify.annotations.NullMarked;
