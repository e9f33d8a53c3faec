/** Tests of {@code csi4j demo}. */
@NullMarked
package io.csi4j.app.demo;

import org.jspecify.annotations.NullMarked;
