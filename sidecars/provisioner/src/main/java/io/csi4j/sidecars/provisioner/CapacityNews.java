package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.Volume;

/** Hears what may have changed how much room there is. */
interface CapacityNews {
  CapacityNews NOBODY =
      new CapacityNews() {
        @Override
        public void created(String className, ObjectNode volume) {}

        @Override
        public void refused(String className) {}

        @Override
        public void deleted(Volume volume) {}
      };

  /** A volume has been stored, as this object. */
  void created(String className, ObjectNode volume);

  /** The driver would not make a volume of this class. */
  void refused(String className);

  void deleted(Volume volume);
}
