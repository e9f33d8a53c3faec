package io.csi4j.sidecars.kit.explain;

import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import java.util.List;

/** What another controller has to say of a volume, as the later part of its story. */
@FunctionalInterface
public interface Appendix {

  /** Where there is nothing more to say. */
  Appendix NONE = (_, _, _) -> List.of();

  /**
   * One explanation for each object that it is about.
   *
   * @param cluster may be asked for more tables, and started again for them
   */
  List<Explanation> about(ApiCluster cluster, DriverIdentity driver, String volumeName)
      throws InterruptedException;
}
