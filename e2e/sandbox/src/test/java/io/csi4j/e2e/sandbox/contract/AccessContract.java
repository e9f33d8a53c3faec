package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens, roles and bindings. */
public abstract class AccessContract {
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
  @RegisterExtension private final Place place;
  private final Caller admin;
  private Caller robot;
  private String token;

  public AccessContract(ServerUnderTest server) {
    place = new Place(server);
    admin = place.caller;
  }

  @BeforeEach
  void opens() throws IOException {
    place.created(place.core("serviceaccounts"), "{\"metadata\":{\"name\":\"robot\"}}");
    var issued = place.created(place.core("serviceaccounts/robot/token"), "{\"spec\":{}}");
    token = issued.text("/status/token");
    robot = admin.as(token);
  }

  @AfterEach
  void closes() {
    robot.close();
  }

  private String user() {
    return "system:serviceaccount:" + place.name + ":robot";
  }

  private void role(String rules) throws IOException {
    place.created(
        RBAC + "/namespaces/" + place.name + "/roles",
        "{\"metadata\":{\"name\":\"r\"},\"rules\":[%s]}".formatted(rules));
    place.created(
        RBAC + "/namespaces/" + place.name + "/rolebindings",
        """
        {"metadata":{"name":"r"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},
         "subjects":[{"kind":"ServiceAccount","name":"robot","namespace":"%s"}]}"""
            .formatted(place.name));
  }

  /** Authorizers read roles through caches. */
  private void becomesAllowed(String path) throws Exception {
    Place.eventually("allowed: " + path, () -> robot.get(path).code() == 200);
  }

  private static String rule(String verbs, String resources) {
    return "{\"apiGroups\":[\"\"],\"verbs\":[%s],\"resources\":[%s]}".formatted(verbs, resources);
  }

  @Test
  void given_a_token_that_nobody_knows_then_unauthorized() throws Exception {
    try (var stranger = admin.as("nonsense")) {
      var refused = stranger.get(place.configMaps());

      assertThat(refused.code()).isEqualTo(401);
      assertThat(refused.reason()).isEqualTo("Unauthorized");
      assertThat(refused.message()).isEqualTo("Unauthorized");
    }
  }

  @Test
  void given_no_right_then_forbidden_and_the_right_is_named() throws Exception {
    var list = robot.get(place.configMaps());
    var object = robot.get(place.configMap("a"));
    var everywhere = robot.get("/api/v1/persistentvolumes");
    var group = robot.get("/apis/storage.k8s.io/v1/storageclasses");

    assertThat(list.code()).isEqualTo(403);
    assertThat(list.reason()).isEqualTo("Forbidden");
    assertThat(list.message())
        .isEqualTo(
            "configmaps is forbidden: User \"%s\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"%s\""
                .formatted(user(), place.name));
    assertThat(object.message())
        .startsWith("configmaps \"a\" is forbidden: User")
        .contains("cannot get resource");
    assertThat(everywhere.message())
        .isEqualTo(
            "persistentvolumes is forbidden: User \"%s\" cannot list resource \"persistentvolumes\" in API group \"\" at the cluster scope"
                .formatted(user()));
    assertThat(group.message())
        .isEqualTo(
            "storageclasses.storage.k8s.io is forbidden: User \"%s\" cannot list resource \"storageclasses\" in API group \"storage.k8s.io\" at the cluster scope"
                .formatted(user()));
  }

  @Test
  void given_a_role_then_its_verbs_and_no_others_are_allowed() throws Exception {
    role(rule("\"get\",\"list\"", "\"configmaps\""));
    becomesAllowed(place.configMaps());
    place.newConfigMap("a");

    assertThat(robot.get(place.configMap("a")).code()).isEqualTo(200);
    assertThat(robot.delete(place.configMap("a")).code()).isEqualTo(403);
    assertThat(robot.post(place.configMaps(), "{\"metadata\":{\"name\":\"b\"}}").code())
        .isEqualTo(403);
    assertThat(robot.get(place.core("secrets")).code()).isEqualTo(403);
    assertThat(robot.get("/api/v1/namespaces/default/configmaps").code()).isEqualTo(403);
    assertThat(robot.get("/api/v1/configmaps").code()).isEqualTo(403);
    var watch = robot.get(place.configMaps() + "?watch=true&timeoutSeconds=1");
    assertThat(watch.code()).isEqualTo(403);
    assertThat(watch.message()).contains("cannot watch resource");
  }

  @Test
  void given_a_right_for_one_name_then_others_are_refused() throws Exception {
    role(
        "{\"apiGroups\":[\"\"],\"verbs\":[\"get\"],\"resources\":[\"configmaps\"],\"resourceNames\":[\"a\"]}");
    place.newConfigMap("a");
    place.newConfigMap("b");
    becomesAllowed(place.configMap("a"));

    assertThat(robot.get(place.configMap("b")).code()).isEqualTo(403);
  }

  /** A right to the object is none to its status, and the other way round. */
  @Test
  void given_a_right_to_the_object_then_its_status_is_refused() throws Exception {
    role(rule("\"get\",\"patch\"", "\"persistentvolumeclaims\""));
    place.created(place.core("persistentvolumeclaims"), Place.claim("c"));
    becomesAllowed(place.core("persistentvolumeclaims/c"));

    var object =
        robot.patch(
            place.core("persistentvolumeclaims/c"),
            MERGE_PATCH,
            "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
    var status =
        robot.patch(place.core("persistentvolumeclaims/c/status"), MERGE_PATCH, "{\"status\":{}}");

    assertThat(object.code()).isEqualTo(200);
    assertThat(status.code()).isEqualTo(403);
    assertThat(status.message())
        .contains("cannot patch resource \"persistentvolumeclaims/status\"");
  }

  @Test
  void given_a_cluster_role_bound_in_the_cluster_then_it_counts_everywhere() throws Exception {
    var name = Place.unique("role");
    place.created(
        RBAC + "/clusterroles",
        "{\"metadata\":{\"name\":\"%s\"},\"rules\":[{\"apiGroups\":[\"storage.k8s.io\"],\"verbs\":[\"*\"],\"resources\":[\"storageclasses\"]}]}"
            .formatted(name));
    place.created(
        RBAC + "/clusterrolebindings",
        """
        {"metadata":{"name":"%s"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"%s"},
         "subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"%s"}]}"""
            .formatted(name, name, user()));

    becomesAllowed("/apis/storage.k8s.io/v1/storageclasses");
    assertThat(robot.get("/apis/storage.k8s.io/v1/csinodes").code()).isEqualTo(403);
    admin.delete(RBAC + "/clusterrolebindings/" + name);
    admin.delete(RBAC + "/clusterroles/" + name);
    Place.eventually(
        "no longer", () -> robot.get("/apis/storage.k8s.io/v1/storageclasses").code() == 403);
  }

  @Test
  void given_a_group_of_accounts_then_a_binding_to_it_counts() throws Exception {
    place.created(
        RBAC + "/namespaces/" + place.name + "/rolebindings",
        """
        {"metadata":{"name":"g"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
         "subjects":[{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"system:serviceaccounts:%s"}]}"""
            .formatted(place.name));

    becomesAllowed(place.configMaps());
    assertThat(robot.get("/api/v1/namespaces/default/configmaps").code()).isEqualTo(403);
  }

  @Test
  void given_a_question_for_ones_own_rights_then_the_answer_is_that_of_the_roles()
      throws Exception {
    role(rule("\"list\"", "\"configmaps\""));
    becomesAllowed(place.configMaps());
    var question =
        "{\"kind\":\"SelfSubjectAccessReview\",\"apiVersion\":\"authorization.k8s.io/v1\",\"spec\":{\"resourceAttributes\":{\"namespace\":\"%s\",\"verb\":\"%s\",\"resource\":\"configmaps\"}}}";
    var path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    assertThat(robot.post(path, question.formatted(place.name, "list")).text("/status/allowed"))
        .isEqualTo("true");
    assertThat(robot.post(path, question.formatted(place.name, "delete")).text("/status/allowed"))
        .isEqualTo("false");
  }

  @Test
  void given_a_token_then_its_review_names_the_account() throws Exception {
    var review =
        admin.post(
            "/apis/authentication.k8s.io/v1/tokenreviews",
            "{\"kind\":\"TokenReview\",\"apiVersion\":\"authentication.k8s.io/v1\",\"spec\":{\"token\":\"%s\"}}"
                .formatted(token));

    assertThat(review.text("/status/authenticated")).isEqualTo("true");
    assertThat(review.text("/status/user/username")).isEqualTo(user());
    assertThat(review.body().at("/status/user/groups").toString())
        .contains("system:serviceaccounts:" + place.name);
  }

  @Test
  void given_a_token_of_no_account_then_not_found() throws Exception {
    assertThat(admin.post(place.core("serviceaccounts/none/token"), "{\"spec\":{}}").code())
        .isEqualTo(404);
  }

  @Test
  void given_a_binding_then_its_role_stays() throws Exception {
    role(rule("\"get\"", "\"configmaps\""));

    var refused =
        admin.patch(
            RBAC + "/namespaces/" + place.name + "/rolebindings/r",
            MERGE_PATCH,
            "{\"roleRef\":{\"name\":\"other\"}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message()).contains("cannot change roleRef");
  }

  @Test
  void given_any_account_then_it_may_discover() throws Exception {
    assertThat(robot.get("/version").text("/gitVersion")).isEqualTo("v1.36.1");
    assertThat(robot.get("/api/v1").text("/kind")).isEqualTo("APIResourceList");
    assertThat(robot.get("/apis").text("/kind")).isEqualTo("APIGroupList");
  }
}
