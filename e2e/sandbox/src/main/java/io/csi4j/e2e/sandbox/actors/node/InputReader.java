package io.csi4j.e2e.sandbox.actors.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.node.NodeOptions.SeLinux;
import io.csi4j.e2e.sandbox.actors.node.Wanted.Mountable;
import io.csi4j.e2e.sandbox.actors.view.Attachment;
import io.csi4j.e2e.sandbox.actors.view.CsiDriver;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gathers what a call needs: secrets, tokens and the pod's wishes. */
record InputReader(NodeOptions options, View view, Client client) {
  static final String TOKENS = "csi.storage.k8s.io/serviceAccount.tokens";
  private static final String POD_INFO = "csi.storage.k8s.io/";

  MountInputs forStage(Mountable wanted, NodeTraits traits) {
    var secret =
        wanted.volume().map(volume -> volume.secretRef("nodeStageSecretRef")).orElse(Json.object());
    return new MountInputs(
        wanted,
        traits,
        publishContext(wanted),
        secret(Json.text(secret, "namespace"), Json.text(secret, "name")),
        Map.of(),
        flags(wanted),
        driversGroup(wanted, traits));
  }

  MountInputs forPublish(Mountable wanted, NodeTraits traits) {
    var driver = view.driver(wanted.spec().driver());
    var secrets = new TreeMap<>(publishSecret(wanted));
    var context = new TreeMap<String, String>();
    if (driver.podInfoOnMount()) {
      context.putAll(podInfo(wanted));
    }
    if (!driver.tokens().isEmpty() && !wanted.spec().block()) {
      (driver.tokensInSecrets() ? secrets : context).put(TOKENS, tokens(wanted, driver));
    }
    return new MountInputs(
        wanted,
        traits,
        publishContext(wanted),
        secrets,
        context,
        flags(wanted),
        driversGroup(wanted, traits));
  }

  private Map<String, String> publishContext(Mountable wanted) {
    var spec = wanted.spec();
    if (spec.inline() || !view.driver(spec.driver()).attachRequired()) {
      return Map.of();
    }
    var name = VolumeNames.attachment(spec.handle(), spec.driver(), options.name());
    return view.attachment(name).map(Attachment::metadata).orElse(Map.of());
  }

  private Map<String, String> publishSecret(Mountable wanted) {
    if (wanted.spec().inline()) {
      var name = Json.text(wanted.podVolume().json(), "csi", "nodePublishSecretRef", "name");
      return secret(wanted.pod().namespace(), name);
    }
    JsonNode reference =
        wanted.volume().map(each -> each.secretRef("nodePublishSecretRef")).orElse(Json.object());
    return secret(Json.text(reference, "namespace"), Json.text(reference, "name"));
  }

  /** Throws {@link ApiFailure} where the secret is missing. */
  Map<String, String> secret(String namespace, String name) {
    if (name.isEmpty()) {
      return Map.of();
    }
    var secret =
        client
            .get(Kind.SECRET, namespace, name)
            .orElseThrow(
                () -> ApiFailure.of(404, "NotFound", "secrets \"%s\" not found".formatted(name)));
    var values = new TreeMap<String, String>();
    Json.at(secret, "data")
        .properties()
        .forEach(
            each ->
                values.put(
                    each.getKey(),
                    new String(
                        Base64.getDecoder().decode(each.getValue().asText()),
                        StandardCharsets.UTF_8)));
    return values;
  }

  private static Map<String, String> podInfo(Mountable wanted) {
    var pod = wanted.pod();
    return Map.of(
        POD_INFO + "pod.name", pod.name(),
        POD_INFO + "pod.namespace", pod.namespace(),
        POD_INFO + "pod.uid", pod.uid(),
        POD_INFO + "serviceAccount.name", Json.text(pod.json(), "spec", "serviceAccountName"),
        POD_INFO + "ephemeral", Boolean.toString(wanted.spec().inline()));
  }

  /** A token for each audience that the driver asks for, as one JSON text. */
  private String tokens(Mountable wanted, CsiDriver driver) {
    var all = Json.object();
    for (var wish : driver.tokens()) {
      var request = Json.object().put("apiVersion", "authentication.k8s.io/v1");
      var spec = request.put("kind", "TokenRequest").putObject("spec");
      var audiences = spec.putArray("audiences");
      if (!wish.audience().isEmpty()) {
        audiences.add(wish.audience());
      }
      if (wish.seconds() > 0) {
        spec.put("expirationSeconds", wish.seconds());
      }
      spec.putObject("boundObjectRef")
          .put("kind", "Pod")
          .put("apiVersion", "v1")
          .put("name", wanted.pod().name())
          .put("uid", wanted.pod().uid());
      var account = Json.text(wanted.pod().json(), "spec", "serviceAccountName");
      var answer =
          client.createPart(
              Kind.SERVICE_ACCOUNT, wanted.pod().namespace(), account, "token", request);
      all.putObject(wish.audience())
          .put("token", Json.text(answer, "status", "token"))
          .put("expirationTimestamp", Json.text(answer, "status", "expirationTimestamp"));
    }
    return new String(Json.bytes(all), StandardCharsets.UTF_8);
  }

  private static String driversGroup(Mountable wanted, NodeTraits traits) {
    return traits.setsGroup() && !wanted.spec().block()
        ? Json.text(wanted.pod().json(), "spec", "securityContext", "fsGroup")
        : "";
  }

  private List<String> flags(Mountable wanted) {
    return wanted.spec().block()
        ? List.of()
        : options.seLinux().map(has -> context(has, wanted)).orElse(List.of());
  }

  private List<String> context(SeLinux has, Mountable wanted) {
    var pod = Json.at(wanted.pod().json(), "spec", "securityContext");
    var level = Json.text(pod, "seLinuxOptions", "level");
    var onlyPod =
        wanted.volume().map(Volume::accessModes).orElse(List.of()).contains("ReadWriteOncePod");
    var allowed =
        switch (has.modes()) {
          case READ_WRITE_ONCE_POD -> onlyPod;
          case ALL -> onlyPod || !Json.text(pod, "seLinuxChangePolicy").equals("Recursive");
        };
    return allowed && !level.isEmpty() && view.driver(wanted.spec().driver()).seLinuxMount()
        ? List.of("context=\"%s:%s\"".formatted(has.context(), level))
        : List.of();
  }
}
