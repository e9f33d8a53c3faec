/**
 * What a driver author implements, and the words it is said in. Nothing of gRPC or protobuf occurs
 * here.
 *
 * <p>Start at {@link io.csi4j.driver.spi.Plugin}. Every call gets a record that the
 * framework has checked (all required fields are there, sizes make sense, texts keep CSI's limits)
 * and returns an {@link io.csi4j.driver.spi.Answer}. While it runs, the framework holds
 * the locks of the volumes it is about, so no second call for the same volume is in flight. Calls
 * are repeated by their callers at any time, also after success: each must be idempotent.
 */
@NullMarked
package io.csi4j.driver.spi;

import org.jspecify.annotations.NullMarked;
