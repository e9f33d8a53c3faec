{{- define "csi4j.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "csi4j.labels" -}}
app.kubernetes.io/name: csi4j
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "csi4j.meta" -}}
labels:
  {{- include "csi4j.labels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "csi4j.pluginDir" -}}
{{ .Values.kubeletDir }}/plugins/{{ .Values.driver.name }}
{{- end }}

{{- define "csi4j.socket" -}}
{{ include "csi4j.pluginDir" . }}/csi.sock
{{- end }}

{{- define "csi4j.container" -}}
image: {{ include "csi4j.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{- define "csi4j.env" -}}
env:
  - name: NODE_NAME
    valueFrom:
      fieldRef: {fieldPath: spec.nodeName}
  - name: POD_NAMESPACE
    valueFrom:
      fieldRef: {fieldPath: metadata.namespace}
  {{- /* Whose CSIStorageCapacity objects are. */}}
  {{- if .Values.rbac.capacity }}
  - name: POD_NAME
    valueFrom:
      fieldRef: {fieldPath: metadata.name}
  - name: NAMESPACE
    valueFrom:
      fieldRef: {fieldPath: metadata.namespace}
  {{- end }}
  {{- with .Values.env }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- /* Volumes stay on one node each, and each node's driver knows its own only: nobody could attach all of them. */}}
{{- define "csi4j.attach" -}}
{{- if and .Values.driver.attach (ne .Values.layout "distributed") }}true{{ end }}
{{- end }}

{{- /* Talks to the API server, and to the driver, whose socket is this group's. */}}
{{- define "csi4j.nonRoot" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .Values.userId }}
  runAsGroup: {{ .Values.userId }}
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- /* kubelet's registration folder belongs to root: this runs as root, and may do nothing else that root may. */}}
{{- define "csi4j.unprivileged" -}}
securityContext:
  runAsUser: 0
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- /* Mounts volumes where kubelet sees them, makes loop devices and file systems. */}}
{{- define "csi4j.privileged" -}}
securityContext:
  runAsUser: 0
  privileged: true
  readOnlyRootFilesystem: true
{{- end }}

{{- define "csi4j.driverArgs" -}}
- --endpoint=unix://{{ include "csi4j.socket" . }}
- --nodeid=$(NODE_NAME)
- --statedir={{ .Values.driver.stateDir }}
- --drivername={{ .Values.driver.name }}
- --socket-gid={{ .Values.userId }}
{{- if include "csi4j.attach" . }}
- --enable-attach
{{- end }}
{{- with .Values.driver.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "csi4j.driverMounts" -}}
- name: plugins
  mountPath: {{ .Values.kubeletDir }}/plugins
  mountPropagation: Bidirectional
- name: pods
  mountPath: {{ .Values.kubeletDir }}/pods
  mountPropagation: Bidirectional
- name: state
  mountPath: {{ .Values.driver.stateDir }}
- name: dev
  mountPath: /dev
{{- end }}

{{- define "csi4j.driverVolumes" -}}
- name: plugins
  hostPath: {path: {{ .Values.kubeletDir }}/plugins, type: Directory}
- name: pods
  hostPath: {path: {{ .Values.kubeletDir }}/pods, type: DirectoryOrCreate}
- name: state
  hostPath: {path: {{ .Values.driver.stateDir }}, type: DirectoryOrCreate}
- name: dev
  hostPath: {path: /dev, type: Directory}
{{- end }}

{{- define "csi4j.registrationVolume" -}}
- name: registration
  hostPath: {path: {{ .Values.kubeletDir }}/plugins_registry, type: Directory}
{{- end }}

{{- define "csi4j.socketVolume" -}}
- name: socket
  hostPath: {path: {{ include "csi4j.pluginDir" . }}, type: DirectoryOrCreate}
{{- end }}

{{- define "csi4j.pod" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if .Values.hostNetwork }}
hostNetwork: true
dnsPolicy: ClusterFirstWithHostNet
{{- end }}
{{- end }}

{{- /* Ready is who leads, and who waits for the lease; dead is who holds it and does not renew it. */}}
{{- define "csi4j.controllerProbes" -}}
startupProbe:
  httpGet: {path: /healthz/leader-election, port: {{ . }}}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz/leader-election, port: {{ . }}}
  periodSeconds: 20
  timeoutSeconds: 5
readinessProbe:
  httpGet: {path: /readyz, port: {{ . }}}
  periodSeconds: 5
  timeoutSeconds: 5
{{- end }}

{{- define "csi4j.driverProbe" -}}
startupProbe:
  httpGet: {path: /healthz, port: {{ . }}}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: {{ . }}}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 5
{{- end }}

{{- define "csi4j.controller" -}}
- name: controller
  {{- include "csi4j.container" . | nindent 2 }}
  args:
    - controller
    - --controllers={{ ternary "provisioner,attacher" "provisioner" (eq (include "csi4j.attach" .) "true") }}
    - --csi-address=/csi/csi.sock
    - --provisioner-feature-gates=Topology=true
    {{- if eq .Values.layout "distributed" }}
    - --provisioner-node-deployment
    {{- else }}
    - --leader-election
    {{- end }}
    {{- if .Values.rbac.capacity }}
    - --provisioner-enable-capacity
    {{- end }}
    - --http-endpoint=:{{ .Values.controller.port }}
    {{- with .Values.controller.extraArgs }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- include "csi4j.env" . | nindent 2 }}
  {{- include "csi4j.nonRoot" . | nindent 2 }}
  {{- include "csi4j.controllerProbes" .Values.controller.port | nindent 2 }}
  resources:
    {{- toYaml .Values.controller.resources | nindent 4 }}
  volumeMounts:
    - {name: socket, mountPath: /csi}
{{- end }}
