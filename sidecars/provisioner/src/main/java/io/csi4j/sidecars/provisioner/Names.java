package io.csi4j.sidecars.provisioner;

/** Names that other components and other versions of the provisioner rely on. */
final class Names {
  static final String STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner";
  static final String STORAGE_PROVISIONER_BETA = "volume.beta.kubernetes.io/storage-provisioner";
  static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
  static final String SELECTED_NODE_ALPHA = "volume.alpha.kubernetes.io/selected-node";
  static final String CLASS_BETA = "volume.beta.kubernetes.io/storage-class";
  static final String MIGRATED_TO = "pv.kubernetes.io/migrated-to";
  static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
  static final String DELETION_SECRET_NAME =
      "volume.kubernetes.io/provisioner-deletion-secret-name";
  static final String DELETION_SECRET_NAMESPACE =
      "volume.kubernetes.io/provisioner-deletion-secret-namespace";
  static final String MODIFY_SECRET_NAME = "volume.kubernetes.io/controller-modify-secret-name";
  static final String MODIFY_SECRET_NAMESPACE =
      "volume.kubernetes.io/controller-modify-secret-namespace";
  static final String ALLOW_MODE_CHANGE = "snapshot.storage.kubernetes.io/allow-volume-mode-change";
  static final String CLONE_FINALIZER = "provisioner.storage.kubernetes.io/cloning-protection";
  static final String SNAPSHOT_FINALIZER =
      "provisioner.storage.kubernetes.io/volumesnapshot-as-source-protection";
  static final String SNAPSHOT_GROUP = "snapshot.storage.k8s.io";
  static final String VOLUME_FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";
  static final String IDENTITY_ATTRIBUTE = "storage.kubernetes.io/csiProvisionerIdentity";
  static final String RESERVED = "csi.storage.k8s.io/";

  private Names() {}
}
