package io.csi4j.e2e.sandbox;

import io.csi4j.e2e.sandbox.contract.AccessContract;
import io.csi4j.e2e.sandbox.contract.ClaimContract;
import io.csi4j.e2e.sandbox.contract.CreateContract;
import io.csi4j.e2e.sandbox.contract.DefinitionContract;
import io.csi4j.e2e.sandbox.contract.DeleteContract;
import io.csi4j.e2e.sandbox.contract.EventContract;
import io.csi4j.e2e.sandbox.contract.ListContract;
import io.csi4j.e2e.sandbox.contract.PatchContract;
import io.csi4j.e2e.sandbox.contract.PodContract;
import io.csi4j.e2e.sandbox.contract.PutContract;
import io.csi4j.e2e.sandbox.contract.ServerUnderTest;
import io.csi4j.e2e.sandbox.contract.StatusContract;
import io.csi4j.e2e.sandbox.contract.StorageKindContract;
import io.csi4j.e2e.sandbox.contract.VolumeContract;
import io.csi4j.e2e.sandbox.contract.WatchContract;
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
  class Creates extends CreateContract {
    Creates() {
      super(SERVER);
    }
  }

  @Nested
  class Puts extends PutContract {
    Puts() {
      super(SERVER);
    }
  }

  @Nested
  class Patches extends PatchContract {
    Patches() {
      super(SERVER);
    }
  }

  @Nested
  class Statuses extends StatusContract {
    Statuses() {
      super(SERVER);
    }
  }

  @Nested
  class Deletes extends DeleteContract {
    Deletes() {
      super(SERVER);
    }
  }

  @Nested
  class Lists extends ListContract {
    Lists() {
      super(SERVER);
    }
  }

  @Nested
  class Watches extends WatchContract {
    Watches() {
      super(SERVER);
    }
  }

  @Nested
  class StorageKinds extends StorageKindContract {
    StorageKinds() {
      super(SERVER);
    }
  }

  @Nested
  class Claims extends ClaimContract {
    Claims() {
      super(SERVER);
    }
  }

  @Nested
  class Volumes extends VolumeContract {
    Volumes() {
      super(SERVER);
    }
  }

  @Nested
  class Pods extends PodContract {
    Pods() {
      super(SERVER);
    }
  }

  @Nested
  class Events extends EventContract {
    Events() {
      super(SERVER);
    }
  }

  @Nested
  class Access extends AccessContract {
    Access() {
      super(SERVER);
    }
  }

  @Nested
  class Definitions extends DefinitionContract {
    Definitions() {
      super(SERVER);
    }
  }
}
