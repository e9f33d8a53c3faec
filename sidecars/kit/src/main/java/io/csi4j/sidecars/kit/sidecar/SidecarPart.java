package io.csi4j.sidecars.kit.sidecar;

/** A sidecar's own: how it works and what it works by. One process can hold several of them. */
public record SidecarPart(SidecarPlan plan, Controllers.Builder builder) {}
