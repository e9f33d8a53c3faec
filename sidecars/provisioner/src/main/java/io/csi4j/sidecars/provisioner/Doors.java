package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.Time;

/** All ways out of the provisioner but one: what it tells goes through {@link News}. */
record Doors(Cluster cluster, Driver driver, Journal journal, Time time) {}
