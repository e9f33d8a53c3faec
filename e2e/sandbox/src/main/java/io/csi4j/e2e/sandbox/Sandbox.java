package io.csi4j.e2e.sandbox;

import io.csi4j.e2e.sandbox.access.Tokens;
import io.csi4j.e2e.sandbox.api.Answer;
import io.csi4j.e2e.sandbox.api.Api;
import io.csi4j.e2e.sandbox.api.Hands;
import io.csi4j.e2e.sandbox.api.Holdings;
import io.csi4j.e2e.sandbox.api.Request;
import io.csi4j.e2e.sandbox.api.Writing;
import io.csi4j.e2e.sandbox.faults.Faults;
import io.csi4j.e2e.sandbox.faults.Trace;
import io.csi4j.e2e.sandbox.faults.WatchFaults;
import io.csi4j.e2e.sandbox.housekeeping.Housekeeper;
import io.csi4j.e2e.sandbox.http.HttpFront;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.Kinds;
import io.csi4j.e2e.sandbox.store.Change;
import io.csi4j.e2e.sandbox.store.Entry;
import io.csi4j.e2e.sandbox.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A Kubernetes API server inside this process, with empty storage, for tests and the demo. */
public final class Sandbox implements AutoCloseable {
  private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

  private final Store store;
  private final Holdings holdings;
  private final Tokens tokens;
  private final Faults faults = new Faults();
  private final WatchFaults watchFaults;
  private final Trace trace;
  private final Housekeeper housekeeper;
  private final Api api;
  private final HttpFront front;

  private Sandbox(SandboxOptions options) throws IOException {
    var surroundings = options.surroundings();
    this.trace = new Trace(options.traceLinesMax());
    this.store = new Store(options.logChangesMax());
    this.holdings = new Holdings(store, new Kinds(), surroundings);
    store.observe(this::defineKinds);
    this.tokens = new Tokens(surroundings);
    this.watchFaults = new WatchFaults(surroundings);
    var writing = new Writing(holdings, tokens, faults, trace);
    new FirstObjects(holdings).create();
    this.housekeeper = new Housekeeper(holdings, new Hands(writing), options.duties());
    this.api = new Api(holdings, tokens, writing, watchFaults, options.bookmarkEvery());
    this.front = HttpFront.start(options.port(), surroundings, api::serve);
  }

  /** Serves when this returns. */
  public static Sandbox start() {
    return start(SandboxOptions.usual());
  }

  public static Sandbox start(SandboxOptions options) {
    try {
      return new Sandbox(options);
    } catch (IOException e) {
      throw new UncheckedIOException("could not start the sandbox", e);
    }
  }

  /** Under the store's lock: whoever sees a definition can use its kind. */
  private void defineKinds(Change change) {
    if (change.shelf().equals(DEFINITIONS)) {
      holdings.kinds().define(store.all(DEFINITIONS).stream().map(Entry::object).toList());
    }
  }

  public String url() {
    return "https://127.0.0.1:" + front.port();
  }

  /** The administrator's, to whom nothing is refused. */
  public String token() {
    return tokens.administrator();
  }

  /** A token of a service account, which has the rights that roles and bindings give it. */
  public String token(String namespace, String serviceAccount) {
    var uid =
        holdings
            .find("", "serviceaccounts", namespace, serviceAccount)
            .map(found -> Json.text(found, "metadata", "uid"))
            .orElse("");
    return tokens.serviceAccount(namespace, serviceAccount, uid);
  }

  /** The certificate to trust, PEM. */
  public String certificate() {
    return front.certificate();
  }

  /** The administrator's, as kubectl and fabric8 read it. */
  public String kubeconfig() {
    return kubeconfig(token());
  }

  public String kubeconfig(String token) {
    var certificate =
        Base64.getEncoder().encodeToString(certificate().getBytes(StandardCharsets.UTF_8));
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: sandbox
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: user
          user:
            token: %s
        contexts:
        - name: sandbox
          context:
            cluster: sandbox
            user: user
        current-context: sandbox
        """
        .formatted(url(), certificate, token);
  }

  /**
   * Answers a request without a network in between: for what lives in this process. Tokens, rights,
   * faults and the trace are the same.
   */
  public Answer serve(Request request) {
    return api.serve(request);
  }

  /** Plans what goes wrong with writes. */
  public Faults faults() {
    return faults;
  }

  /** What goes wrong with watches. */
  public WatchFaults watchFaults() {
    return watchFaults;
  }

  /** All writes so far. */
  public Trace trace() {
    return trace;
  }

  /** Cuts all watches off, as a broken network does. */
  public void dropWatches() {
    watchFaults.nextEpoch();
    store.wakeWatches();
  }

  /** Forgets all history: watches and pages that depend on it get 410. */
  public void compact() {
    store.compact();
  }

  @Override
  public void close() {
    front.close();
    housekeeper.close();
    dropWatches();
  }
}
