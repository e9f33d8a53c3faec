/**
 * The way to drivers. {@code CsiTap} stands between all callers and a driver: it writes down each
 * call, and lets go wrong what is planned to. {@code CsiCalls} calls as kubelet does.
 */
@NullMarked
package io.csi4j.e2e.sandbox.actors.csi;

import org.jspecify.annotations.NullMarked;
