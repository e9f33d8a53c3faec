package io.csi4j.sidecars.provisioner;

/**
 * The pure parts that make a request and an object of a claim.
 *
 * @param limits what may be restored into what
 */
record Recipe(
    Gates gates,
    ProvisionerOptions.Placing placing,
    VolumeRequest requests,
    VolumeObject objects,
    SourceCheck.Limits limits) {}
