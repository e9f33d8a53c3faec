package io.csi4j.e2e.sandbox.rules;

/** For kinds that are stored as they come. */
record NoRules() implements Rules {}
