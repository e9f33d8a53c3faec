package io.csi4j.e2e.sandbox.actors;

import io.csi4j.e2e.sandbox.Sandbox;
import io.csi4j.e2e.sandbox.actors.attaching.AttachDetach;
import io.csi4j.e2e.sandbox.actors.attaching.PodCollector;
import io.csi4j.e2e.sandbox.actors.binding.EphemeralClaims;
import io.csi4j.e2e.sandbox.actors.binding.VolumeBinder;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.cluster.Mirror;
import io.csi4j.e2e.sandbox.actors.cluster.MirrorWatch;
import io.csi4j.e2e.sandbox.actors.csi.CsiCalls;
import io.csi4j.e2e.sandbox.actors.csi.CsiFaults;
import io.csi4j.e2e.sandbox.actors.csi.CsiTap;
import io.csi4j.e2e.sandbox.actors.csi.EventLoop;
import io.csi4j.e2e.sandbox.actors.history.History;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.ActorTime;
import io.csi4j.e2e.sandbox.actors.loop.Kills;
import io.csi4j.e2e.sandbox.actors.loop.Loop;
import io.csi4j.e2e.sandbox.actors.node.NodeOptions;
import io.csi4j.e2e.sandbox.actors.scheduling.Scheduler;
import io.csi4j.e2e.sandbox.actors.view.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The parts of Kubernetes around a CSI driver, at work on a sandbox until they are closed. */
public final class Actors implements AutoCloseable {
  public static final String VOLUME_BINDER = "persistentvolume-binder";
  public static final String SCHEDULER = "scheduler";
  public static final String ATTACH_DETACH = "attachdetach";
  public static final String EPHEMERAL_CLAIMS = "ephemeral-volume-controller";
  public static final String POD_COLLECTOR = "pod-garbage-collector";

  private final Sandbox sandbox;
  private final ActorsOptions options;
  private final ActorTime time;
  private final History history;
  private final CsiFaults csiFaults = new CsiFaults();
  private final Kills kills = new Kills();
  private final Mirror mirror = new Mirror();
  private final View view = new View(mirror);
  private final EventLoop eventLoop = new EventLoop();
  private final List<MirrorWatch> watches = new ArrayList<>();
  private final List<CsiTap> taps = new ArrayList<>();

  /** Guarded by itself. */
  private final Map<String, Loop> loops = new LinkedHashMap<>();

  private final Map<String, MiniNode> nodes = new LinkedHashMap<>();

  private Actors(Sandbox sandbox, ActorsOptions options) {
    this.sandbox = sandbox;
    this.options = options;
    this.time = new ActorTime(options.surroundings().instants());
    this.history = new History(time);
    history.follow(sandbox.trace());
  }

  /** All are at work when this returns. */
  public static Actors start(Sandbox sandbox, ActorsOptions options) throws InterruptedException {
    var actors = new Actors(sandbox, options);
    try {
      actors.start();
      return actors;
    } catch (InterruptedException | RuntimeException e) {
      actors.close();
      throw e;
    }
  }

  private void start() throws InterruptedException {
    for (var kind : Kind.values()) {
      if (kind != Kind.EVENT && kind != Kind.SECRET && kind != Kind.SERVICE_ACCOUNT) {
        watches.add(
            MirrorWatch.start(
                kind, mirror, sandbox::serve, sandbox.token(), options.surroundings()));
      }
    }
    for (var watch : watches) {
      watch.awaitSync();
    }
    mirror.listen(
        _ -> {
          synchronized (loops) {
            loops.values().forEach(Loop::wake);
          }
        });
    run(VOLUME_BINDER, parts -> new VolumeBinder(parts.view(), parts.client(), parts.events()));
    run(
        EPHEMERAL_CLAIMS,
        parts -> new EphemeralClaims(parts.view(), parts.client(), parts.events()));
    run(SCHEDULER, parts -> new Scheduler(parts.view(), parts.client(), parts.events()));
    run(
        ATTACH_DETACH,
        parts ->
            new AttachDetach(parts.view(), parts.client(), parts.events(), options.forceDetach()));
    run(POD_COLLECTOR, parts -> new PodCollector(parts.view(), parts.client()));
    options.nodes().forEach(this::addNode);
  }

  /** Adds an actor of the caller's own, such as one that stands for a sidecar. */
  public void run(String name, Function<ActorParts, Actor> birth) {
    var user = "system:serviceaccount:kube-system:" + name;
    var client = new Client(name, user, sandbox::serve, sandbox.token(), mirror, kills);
    var parts = new ActorParts(view, client, new Events(client, name, time));
    add(new Loop(name, time, options.surroundings().spawn(), () -> birth.apply(parts)));
  }

  private void add(Loop loop) {
    synchronized (loops) {
      loops.put(loop.name(), loop);
    }
    loop.start();
  }

  /** A node that comes up now. */
  public MiniNode addNode(NodeOptions node) {
    var user = "system:node:" + node.name();
    var client = new Client(node.name(), user, sandbox::serve, sandbox.token(), mirror, kills);
    var made =
        new MiniNode(
            node,
            new io.csi4j.e2e.sandbox.actors.node.KubeletParts(
                view,
                client,
                new Events(client, "kubelet", time),
                new CsiCalls(eventLoop),
                options.surroundings().spawn()),
            time);
    nodes.put(node.name(), made);
    add(made.loop());
    return made;
  }

  public MiniNode node(String name) {
    var node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("no node " + name + ", only " + nodes.keySet());
    }
    return node;
  }

  /**
   * A socket that stands for a driver's, so that its calls are part of the history and suffer the
   * faults that are planned.
   *
   * @param place what the history calls it
   */
  public CsiTap tap(String place, Path socket, Path driver) {
    var tap =
        new CsiTap(
            place,
            socket,
            driver,
            new CsiTap.Parts(eventLoop, history, csiFaults, options.surroundings().sleep()));
    taps.add(tap);
    tap.open();
    return tap;
  }

  /** Ends an actor as a crash does. */
  public void kill(String actor) {
    loop(actor).close();
  }

  /** Begins a new life of an actor that was killed. */
  public void revive(String actor) {
    loop(actor).start();
  }

  public boolean alive(String actor) {
    return loop(actor).alive();
  }

  private Loop loop(String actor) {
    synchronized (loops) {
      var loop = loops.get(actor);
      if (loop == null) {
        throw new IllegalArgumentException("no actor " + actor + ", only " + loops.keySet());
      }
      return loop;
    }
  }

  /** At which writes actors die. */
  public Kills kills() {
    return kills;
  }

  /** What goes wrong with calls of drivers. */
  public CsiFaults csiFaults() {
    return csiFaults;
  }

  /** The clock of all actors. */
  public ActorTime time() {
    return time;
  }

  /** All writes and calls since the actors began. */
  public History history() {
    return history;
  }

  /** What the actors know. */
  public View view() {
    return view;
  }

  @Override
  public void close() {
    List<Loop> all;
    synchronized (loops) {
      all = List.copyOf(loops.values());
    }
    all.reversed().forEach(Loop::close);
    watches.forEach(MirrorWatch::close);
    taps.forEach(CsiTap::close);
    eventLoop.close();
  }
}
