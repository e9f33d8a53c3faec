package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import java.util.List;

/**
 * All that the choice of a volume's place may look at.
 *
 * @param selectedNode empty where the scheduler has chosen none
 */
record TopologyFacts(
    String driver,
    String claimName,
    String selectedNode,
    List<StorageClass.TopologyTerm> allowed,
    List<CsiNode> csiNodes,
    List<Node> nodes,
    ProvisionerOptions.Placing placing) {}
