/**
 * Events, for users who ask {@code kubectl describe} what goes on: few, true and never in the way.
 *
 * <p>Read {@link io.csi4j.sidecars.kit.events.Event} and {@link
 * io.csi4j.sidecars.kit.events.Events}, then {@link io.csi4j.sidecars.kit.events.Correlation}: it
 * decides what becomes a new object, what a higher count of an old one, and what is dropped. {@link
 * io.csi4j.sidecars.kit.events.EventRecorder} writes that down on a fiber of its own.
 *
 * <p>The rules and limits are those of the Go tools' recorder; that an event is lost is never an
 * error.
 */
@NullMarked
package io.csi4j.sidecars.kit.events;

import org.jspecify.annotations.NullMarked;
