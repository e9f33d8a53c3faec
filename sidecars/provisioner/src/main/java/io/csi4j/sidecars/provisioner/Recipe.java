package io.csi4j.sidecars.provisioner;

/**
 * The pure parts that make a request and an object of a claim.
 *
 * @param guardsMode whether a restored volume's mode must be that of the snapshot's source
 */
record Recipe(
    Gates gates,
    ProvisionerOptions.Placing placing,
    VolumeRequest requests,
    VolumeObject objects,
    boolean guardsMode) {}
