/**
 * The scheduler, so far as volumes decide: {@code NodeFit} says why a node will not do, {@code
 * PodStep} what to do with a pod, {@code Scheduler} is the loop around them.
 */
@NullMarked
package io.csi4j.e2e.sandbox.actors.scheduling;

import org.jspecify.annotations.NullMarked;
