package io.csi4j.e2e.sandbox.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.kinds.ResourceType;

/** Kinds from CRDs: what their schema demands. */
record CustomRules() implements Rules {

  @Override
  public void check(ResourceType type, JsonNode object, Complaints complaints) {
    SchemaCheck.check(object, type.schema(), complaints);
  }
}
