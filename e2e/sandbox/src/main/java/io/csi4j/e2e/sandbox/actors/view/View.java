package io.csi4j.e2e.sandbox.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.cluster.Mirror;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The mirror in the words of this package. Each question is answered from its newest state. */
public record View(Mirror mirror) {

  public List<Claim> claims() {
    return all(Kind.CLAIM, Claim::new);
  }

  public Optional<Claim> claim(String namespace, String name) {
    return mirror.find(Kind.CLAIM, namespace, name).map(Claim::new);
  }

  public List<Volume> volumes() {
    return all(Kind.VOLUME, Volume::new);
  }

  public Optional<Volume> volume(String name) {
    return mirror.find(Kind.VOLUME, "", name).map(Volume::new);
  }

  public List<Pod> pods() {
    return all(Kind.POD, Pod::new);
  }

  public List<Node> nodes() {
    return all(Kind.NODE, Node::new);
  }

  public Optional<Node> node(String name) {
    return mirror.find(Kind.NODE, "", name).map(Node::new);
  }

  public Optional<StorageClass> storageClass(String name) {
    return mirror.find(Kind.CLASS, "", name).map(StorageClass::new);
  }

  public List<Attachment> attachments() {
    return all(Kind.ATTACHMENT, Attachment::new);
  }

  public Optional<Attachment> attachment(String name) {
    return mirror.find(Kind.ATTACHMENT, "", name).map(Attachment::new);
  }

  /** Also for a driver that has no object. */
  public CsiDriver driver(String name) {
    return mirror.find(Kind.DRIVER, "", name).map(CsiDriver::new).orElse(CsiDriver.NONE);
  }

  public boolean knowsDriver(String name) {
    return mirror.find(Kind.DRIVER, "", name).isPresent();
  }

  public Optional<CsiNode> csiNode(String name) {
    return mirror.find(Kind.CSI_NODE, "", name).map(CsiNode::new);
  }

  public List<Capacity> capacities() {
    return all(Kind.CAPACITY, Capacity::new);
  }

  /** The volume that a pod's claim is bound to, if it is bound completely and to each other. */
  public Optional<Volume> boundVolume(Claim claim) {
    return claim.bound()
        ? volume(claim.volumeName()).filter(each -> each.claimUid().equals(claim.uid()))
        : Optional.empty();
  }

  private <T> List<T> all(Kind kind, Function<ObjectNode, T> form) {
    return mirror.all(kind).stream().map(form).toList();
  }
}
