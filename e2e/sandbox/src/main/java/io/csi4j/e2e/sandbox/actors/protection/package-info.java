/** The controllers that let objects go when nobody uses them any more. */
@NullMarked
package io.csi4j.e2e.sandbox.actors.protection;

import org.jspecify.annotations.NullMarked;
