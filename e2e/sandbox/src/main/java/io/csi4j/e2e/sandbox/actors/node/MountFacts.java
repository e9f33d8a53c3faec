package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.node.Actual.Presence;
import io.csi4j.e2e.sandbox.actors.view.Attachment;
import org.jspecify.annotations.Nullable;

/**
 * What decides about a volume of a pod.
 *
 * @param claimDeleting whether the claim is on its way out: nobody may begin to use it
 * @param reported whether the server knows that the node uses the volume
 * @param attached whether the attach/detach controller says that the node has it
 * @param attachment missing where there is none, and where none is needed
 */
record MountFacts(
    String driver,
    boolean inline,
    boolean registered,
    boolean claimDeleting,
    boolean attachRequired,
    boolean reported,
    boolean attached,
    @Nullable Attachment attachment,
    Presence device,
    Presence mount) {}
