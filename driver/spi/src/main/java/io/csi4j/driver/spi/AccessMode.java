package io.csi4j.driver.spi;

/** From how many nodes and workloads a volume is used, and how. */
public enum AccessMode {
  SINGLE_NODE_WRITER,
  SINGLE_NODE_READER_ONLY,
  MULTI_NODE_READER_ONLY,
  MULTI_NODE_SINGLE_WRITER,
  MULTI_NODE_MULTI_WRITER,
  /** One workload on one node: a second target on the node is refused. */
  SINGLE_NODE_SINGLE_WRITER,
  /** Many workloads on one node. */
  SINGLE_NODE_MULTI_WRITER;

  public boolean multiNode() {
    return switch (this) {
      case MULTI_NODE_READER_ONLY, MULTI_NODE_SINGLE_WRITER, MULTI_NODE_MULTI_WRITER -> true;
      case SINGLE_NODE_WRITER,
          SINGLE_NODE_READER_ONLY,
          SINGLE_NODE_SINGLE_WRITER,
          SINGLE_NODE_MULTI_WRITER ->
          false;
    };
  }

  public boolean readOnly() {
    return switch (this) {
      case SINGLE_NODE_READER_ONLY, MULTI_NODE_READER_ONLY -> true;
      case SINGLE_NODE_WRITER,
          MULTI_NODE_SINGLE_WRITER,
          MULTI_NODE_MULTI_WRITER,
          SINGLE_NODE_SINGLE_WRITER,
          SINGLE_NODE_MULTI_WRITER ->
          false;
    };
  }
}
