/**
 * What acts around a CSI driver in Kubernetes, on the sandbox's API: the PV controller, the
 * scheduler, the attach/detach controller, and nodes that call drivers over their sockets.
 * Protection finalizers, dependants and namespaces are the sandbox's own duties. Read {@link
 * io.csi4j.e2e.sandbox.actors.Actors} first, then {@code loop}, then the actor in question.
 *
 * <p>Each actor is one thread that passes over the whole world whenever something has changed: no
 * queue, no event is needed to be right, and a new life begins where the last one ended. What one
 * pass costs grows with the number of objects, which is fine for the thousands that a test or a
 * demo has.
 */
@NullMarked
package io.csi4j.e2e.sandbox.actors;

import org.jspecify.annotations.NullMarked;
