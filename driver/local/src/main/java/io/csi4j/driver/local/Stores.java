package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.JournaledMap;

/** All that we know and must not forget. */
record Stores(VolumeStore volumes, AttachmentStore attachments) {

  static Stores of(JournaledMap journal) {
    return new Stores(new VolumeStore(journal), new AttachmentStore(journal));
  }
}
