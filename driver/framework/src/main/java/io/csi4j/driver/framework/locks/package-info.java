/**
 * One call at a time for each volume, snapshot and name; the second one is told so at once instead
 * of waiting.
 */
@NullMarked
package io.csi4j.driver.framework.locks;

import org.jspecify.annotations.NullMarked;
