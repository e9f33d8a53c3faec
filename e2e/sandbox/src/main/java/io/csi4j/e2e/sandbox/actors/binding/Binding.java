package io.csi4j.e2e.sandbox.actors.binding;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.binding.ClaimStep.Choice;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.json.Json;

/**
 * Binds in four writes, each of which is left out where it has been done already: whoever dies
 * between two of them goes on where he was.
 */
record Binding(Client client) {

  void bind(Claim claim, Volume volume, Choice choice) {
    var owned = claimReference(claim, volume, choice);
    volumePhase(owned);
    var named = volumeName(claim, owned, choice);
    claimStatus(named, owned);
  }

  private Volume claimReference(Claim claim, Volume volume, Choice choice) {
    if (volume.isFor(claim) && !volume.claimUid().isEmpty()) {
      return volume;
    }
    var patch = Client.patchOf(volume.json());
    var reference = patch.putObject("spec").putObject("claimRef");
    reference.put("kind", "PersistentVolumeClaim").put("apiVersion", "v1");
    reference.put("namespace", claim.namespace()).put("name", claim.name());
    reference.put("uid", claim.uid());
    reference.put("resourceVersion", Json.text(claim.json(), "metadata", "resourceVersion"));
    if (choice == Choice.BY_CONTROLLER) {
      Json.child(patch, "metadata").putObject("annotations").put(Claim.BOUND_BY_CONTROLLER, "yes");
    }
    return new Volume(client.patch(Kind.VOLUME, "", volume.name(), patch));
  }

  private void volumePhase(Volume volume) {
    if (!volume.phase().equals("Bound")) {
      var patch = Client.patchOf(volume.json());
      patch.putObject("status").put("phase", "Bound");
      client.patchStatus(Kind.VOLUME, "", volume.name(), patch);
    }
  }

  private Claim volumeName(Claim claim, Volume volume, Choice choice) {
    if (claim.volumeName().equals(volume.name()) && claim.annotated(Claim.BIND_COMPLETED)) {
      return claim;
    }
    var patch = Client.patchOf(claim.json());
    patch.putObject("spec").put("volumeName", volume.name());
    var annotations = Json.child(patch, "metadata").putObject("annotations");
    annotations.put(Claim.BIND_COMPLETED, "yes");
    if (choice == Choice.BY_CONTROLLER || claim.volumeName().isEmpty()) {
      annotations.put(Claim.BOUND_BY_CONTROLLER, "yes");
    }
    return new Claim(client.patch(Kind.CLAIM, claim.namespace(), claim.name(), patch));
  }

  private void claimStatus(Claim claim, Volume volume) {
    if (claim.phase().equals("Bound")) {
      return;
    }
    var patch = Client.patchOf(claim.json());
    var status = patch.putObject("status").put("phase", "Bound");
    status.set("accessModes", Json.at(volume.json(), "spec", "accessModes").deepCopy());
    status.putObject("capacity").put("storage", capacity(volume));
    if (!volume.attributesClass().isEmpty()) {
      status.put("currentVolumeAttributesClassName", volume.attributesClass());
    }
    client.patchStatus(Kind.CLAIM, claim.namespace(), claim.name(), patch);
  }

  /** A volume that grew for an earlier claim still has that claim's file system on it. */
  private static String capacity(Volume volume) {
    return volume.annotated(Volume.PRE_RESIZE_CAPACITY)
        ? volume.annotation(Volume.PRE_RESIZE_CAPACITY)
        : Json.text(volume.json(), "spec", "capacity", "storage");
  }

  void askProvisioner(Claim claim, String driver) {
    var patch = Client.patchOf(claim.json());
    Json.child(patch, "metadata")
        .putObject("annotations")
        .put(Claim.PROVISIONER, driver)
        .put(Claim.OLD_PROVISIONER, driver);
    client.patch(Kind.CLAIM, claim.namespace(), claim.name(), patch);
  }

  void lose(Claim claim) {
    var patch = Client.patchOf(claim.json());
    patch.putObject("status").put("phase", "Lost");
    client.patchStatus(Kind.CLAIM, claim.namespace(), claim.name(), patch);
  }

  void move(Volume volume, String phase) {
    var patch = Client.patchOf(volume.json());
    patch.putObject("status").put("phase", phase);
    client.patchStatus(Kind.VOLUME, "", volume.name(), patch);
  }

  /** Takes the reference away where the controller had made it, else only the claim's identity. */
  void free(Volume volume) {
    ObjectNode patch = Client.patchOf(volume.json());
    if (volume.annotated(Claim.BOUND_BY_CONTROLLER)) {
      patch.putObject("spec").putNull("claimRef");
      Json.child(patch, "metadata").putObject("annotations").putNull(Claim.BOUND_BY_CONTROLLER);
    } else {
      patch.putObject("spec").putObject("claimRef").putNull("uid").putNull("resourceVersion");
    }
    client.patch(Kind.VOLUME, "", volume.name(), patch);
  }
}
