{{- /* Made by deploy/render from what the code declares (the Needs of each controller). Not to be edited. */}}
{{- define "csi4j.rules.provisioner" }}
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
- apiGroups: [""]
  resources: [nodes]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, update]
- apiGroups: [""]
  resources: [persistentvolumes]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: ["storage.k8s.io"]
  resources: [csinodes]
  verbs: [list, watch]
- apiGroups: ["storage.k8s.io"]
  resources: [storageclasses]
  verbs: [list, watch]
- apiGroups: ["storage.k8s.io"]
  resources: [volumeattachments]
  verbs: [list, watch]
- apiGroups: ["storage.k8s.io"]
  resources: [volumeattributesclasses]
  verbs: [get]
{{- if .Values.rbac.crossNamespace }}
- apiGroups: ["gateway.networking.k8s.io"]
  resources: [referencegrants]
  verbs: [list]
{{- end }}
{{- if .Values.rbac.namespaceMetadata }}
- apiGroups: [""]
  resources: [namespaces]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.secrets }}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.snapshots }}
- apiGroups: ["snapshot.storage.k8s.io"]
  resources: [volumesnapshotcontents]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.snapshots }}
- apiGroups: ["snapshot.storage.k8s.io"]
  resources: [volumesnapshots]
  verbs: [get, list, update]
{{- end }}
{{- end }}
{{- define "csi4j.rules.provisioner.home" }}
- apiGroups: ["coordination.k8s.io"]
  resources: [leases]
  verbs: [get, list, watch, create, update]
{{- if .Values.rbac.capacity }}
- apiGroups: [""]
  resources: [pods]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.capacity }}
- apiGroups: ["apps"]
  resources: [deployments]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.capacity }}
- apiGroups: ["apps"]
  resources: [replicasets]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.capacity }}
- apiGroups: ["storage.k8s.io"]
  resources: [csistoragecapacities]
  verbs: [get, list, watch, create, update, patch, delete]
{{- end }}
{{- if .Values.rbac.intents }}
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, create, update]
{{- end }}
{{- end }}
{{- define "csi4j.rules.attacher" }}
- apiGroups: [""]
  resources: [persistentvolumes]
  verbs: [list, watch, patch]
- apiGroups: ["storage.k8s.io"]
  resources: [csinodes]
  verbs: [list, watch]
- apiGroups: ["storage.k8s.io"]
  resources: [volumeattachments]
  verbs: [get, list, watch, patch]
- apiGroups: ["storage.k8s.io"]
  resources: [volumeattachments/status]
  verbs: [patch]
{{- if .Values.rbac.secrets }}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get]
{{- end }}
{{- end }}
{{- define "csi4j.rules.attacher.home" }}
- apiGroups: ["coordination.k8s.io"]
  resources: [leases]
  verbs: [get, list, watch, create, update]
{{- end }}
{{- define "csi4j.rules.controller" }}
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
- apiGroups: [""]
  resources: [nodes]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, update]
- apiGroups: [""]
  resources: [persistentvolumes]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: ["storage.k8s.io"]
  resources: [csinodes]
  verbs: [list, watch]
- apiGroups: ["storage.k8s.io"]
  resources: [storageclasses]
  verbs: [list, watch]
- apiGroups: ["storage.k8s.io"]
  resources: [volumeattachments]
  verbs: [get, list, watch, patch]
- apiGroups: ["storage.k8s.io"]
  resources: [volumeattachments/status]
  verbs: [patch]
- apiGroups: ["storage.k8s.io"]
  resources: [volumeattributesclasses]
  verbs: [get]
{{- if .Values.rbac.crossNamespace }}
- apiGroups: ["gateway.networking.k8s.io"]
  resources: [referencegrants]
  verbs: [list]
{{- end }}
{{- if .Values.rbac.namespaceMetadata }}
- apiGroups: [""]
  resources: [namespaces]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.secrets }}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.snapshots }}
- apiGroups: ["snapshot.storage.k8s.io"]
  resources: [volumesnapshotcontents]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.snapshots }}
- apiGroups: ["snapshot.storage.k8s.io"]
  resources: [volumesnapshots]
  verbs: [get, list, update]
{{- end }}
{{- end }}
{{- define "csi4j.rules.controller.home" }}
- apiGroups: ["coordination.k8s.io"]
  resources: [leases]
  verbs: [get, list, watch, create, update]
{{- if .Values.rbac.capacity }}
- apiGroups: [""]
  resources: [pods]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.capacity }}
- apiGroups: ["apps"]
  resources: [deployments]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.capacity }}
- apiGroups: ["apps"]
  resources: [replicasets]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.capacity }}
- apiGroups: ["storage.k8s.io"]
  resources: [csistoragecapacities]
  verbs: [get, list, watch, create, update, patch, delete]
{{- end }}
{{- if .Values.rbac.intents }}
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, create, update]
{{- end }}
{{- end }}
