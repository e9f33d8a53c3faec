/**
 * {@code csi4j demo}: the story of a claim, told with the parts as they are.
 *
 * <p>Read {@link io.csi4j.app.demo.Story} first: what happens, step by step. {@link
 * io.csi4j.app.demo.Venue} is where it happens: {@link io.csi4j.app.demo.SandboxVenue} in this
 * process, {@link io.csi4j.app.demo.ClusterVenue} in a real cluster. {@link io.csi4j.app.demo.Play}
 * runs the steps, a {@link io.csi4j.app.demo.Narrator} shows them, {@link
 * io.csi4j.app.demo.DemoFolder} is all that is left on disk, and removes it, also after a kill.
 *
 * <p>Nothing outside this package refers to the sandbox, so no other subcommand loads it.
 */
@NullMarked
package io.csi4j.app.demo;

import org.jspecify.annotations.NullMarked;
