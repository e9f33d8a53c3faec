package io.csi4j.e2e.sandbox.faults;

/**
 * A write that somebody asks for.
 *
 * @param verb create, update, patch, delete or deletecollection
 * @param resource the plural, with its subresource as {@code persistentvolumeclaims/status}
 * @param name empty where the server makes it up, and for collections
 */
public record WriteCall(
    String user, String verb, String group, String resource, String namespace, String name) {}
