/**
 * The attach/detach controller: {@code Wishes} says which volume is wanted on which node, {@code
 * AttachStep} and {@code DetachStep} decide, {@code AttachDetach} is the loop around them. {@code
 * PodCollector} removes the pods of nodes that are gone.
 */
@NullMarked
package io.csi4j.e2e.sandbox.actors.attaching;

import org.jspecify.annotations.NullMarked;
