package io.csi4j.e2e.sandbox;

import io.csi4j.e2e.sandbox.contract.CreateContract;
import io.csi4j.e2e.sandbox.contract.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** The sandbox does what a real API server does; see {@code ServerContractTest} in e2e/cluster. */
class SandboxContractTest {
  private static final Sandbox SANDBOX = Sandbox.start();
  private static final ServerUnderTest SERVER =
      new ServerUnderTest(SANDBOX.kubeconfig(), _ -> SANDBOX.compact());

  @AfterAll
  static void ends() {
    SANDBOX.close();
  }

  @Nested
  class Create extends CreateContract {
    Create() {
      super(SERVER);
    }
  }
}
