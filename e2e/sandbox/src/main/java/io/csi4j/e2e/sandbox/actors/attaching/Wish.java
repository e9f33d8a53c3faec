package io.csi4j.e2e.sandbox.actors.attaching;

import io.csi4j.e2e.sandbox.actors.view.Node;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import java.util.LinkedHashMap;
import java.util.Map;

/** A volume that a pod wants attached to its node. */
record Wish(Volume volume, Node node, Pod pod) {

  /** The name of the attachment that grants it. */
  String attachmentName() {
    return VolumeNames.attachment(volume.handle(), volume.driver(), node.name());
  }

  /** All wishes, by the names of their attachments. */
  static Map<String, Wish> all(View view) {
    var wishes = new LinkedHashMap<String, Wish>();
    for (var pod : view.pods()) {
      var node = pod.active() ? view.node(pod.nodeName()) : java.util.Optional.<Node>empty();
      if (node.isEmpty() || !node.get().managedAttach()) {
        continue;
      }
      pod.claimNames().stream()
          .flatMap(name -> view.claim(pod.namespace(), name).stream())
          .flatMap(claim -> view.boundVolume(claim).stream())
          .filter(volume -> volume.csi() && view.driver(volume.driver()).attachRequired())
          .map(volume -> new Wish(volume, node.get(), pod))
          .forEach(wish -> wishes.putIfAbsent(wish.attachmentName(), wish));
    }
    return wishes;
  }
}
