package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;

/**
 * One volume being made: the request and what it was made from, so that a repeat is the same to the
 * byte.
 */
record Attempt(
    Claim claim, StorageClass storageClass, String fsType, CreateVolumeRequest request) {}
