// Reads sets of manifests, checks what types cannot (who points at whom, Pod
// Security "restricted", settings that canvassd does not know) and writes each
// object as a typed TypeScript literal for tsc.
//
//   node k8s/check.mjs <directory for the .ts files> <manifests.yaml>...

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseAllDocuments } from "yaml";

const [work, ...sets] = process.argv.slice(2);
const faults = [];
const settings = knownSettings("server/main/settings.cc");

// The names of canvassd's settings, from the table that defines them; null
// where there is none to compare with.
function knownSettings(path) {
  if (!existsSync(path)) return null;
  return new Set([...readFileSync(path, "utf8").matchAll(/[({]"([a-z][a-z-]+)",/g)].map((match) => match[1]));
}

// apps/v1 -> apps/v1, networking.k8s.io/v1 -> networking/v1, v1 -> core/v1.
function typeModule(apiVersion) {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["core", apiVersion];
  return `kubernetes-types/${group.split(".")[0]}/${version}`;
}

function nameOf(object) {
  return `${object.kind}/${object.metadata?.name}`;
}

function selects(selector, labels) {
  return Object.entries(selector ?? {}).every(([key, value]) => labels?.[key] === value);
}

function checkSettings(where, object, container) {
  if (settings === null) return;
  for (const argument of container.args ?? []) {
    const flag = /^--([a-z-]+)/.exec(argument)?.[1];
    if (flag && flag !== "config" && !settings.has(flag)) faults.push(`${where}: canvassd has no --${flag}`);
  }
  for (const { name } of container.env ?? []) checkVariable(where, name);
}

function checkVariable(where, name) {
  const setting = name.replace(/^CANVASS_/, "").toLowerCase().replaceAll("_", "-");
  if (settings !== null && !settings.has(setting)) faults.push(`${where}: canvassd does not read ${name}`);
}

// Pod Security "restricted", and no writable root.
function checkContainer(where, container) {
  const security = container.securityContext ?? {};
  if (security.allowPrivilegeEscalation !== false) faults.push(`${where}: allowPrivilegeEscalation must be false`);
  if (!security.capabilities?.drop?.includes("ALL")) faults.push(`${where}: must drop ALL capabilities`);
  if (security.readOnlyRootFilesystem !== true) faults.push(`${where}: readOnlyRootFilesystem must be true`);
  if (!container.resources?.limits?.memory) faults.push(`${where}: has no memory limit`);
  const ports = (container.ports ?? []).flatMap((port) => [port.containerPort, port.name]);
  for (const kind of ["startupProbe", "readinessProbe", "livenessProbe"]) {
    const port = container[kind]?.grpc?.port ?? container[kind]?.httpGet?.port;
    if (container[kind] && !ports.includes(port)) faults.push(`${where}: ${kind} asks port ${port}, which it has not`);
  }
}

function checkPod(object, pod, configMaps) {
  const where = nameOf(object);
  const security = pod.securityContext ?? {};
  if (security.runAsNonRoot !== true) faults.push(`${where}: runAsNonRoot must be true`);
  if (security.seccompProfile?.type !== "RuntimeDefault") faults.push(`${where}: seccompProfile must be RuntimeDefault`);
  const volumes = new Set((pod.volumes ?? []).map((volume) => volume.name));
  for (const container of pod.containers) {
    checkContainer(`${where}/${container.name}`, container);
    checkSettings(`${where}/${container.name}`, object, container);
    for (const mount of container.volumeMounts ?? []) {
      if (!volumes.has(mount.name)) faults.push(`${where}: mounts ${mount.name}, which is no volume`);
    }
    for (const source of container.envFrom ?? []) {
      const name = source.configMapRef?.name;
      if (configMaps.size > 0 && name && !configMaps.has(name)) faults.push(`${where}: there is no ConfigMap ${name}`);
    }
  }
}

// Selectors must find the pods of some workload, ports must be theirs.
function checkReferences(object, workloads) {
  const where = nameOf(object);
  if (object.kind === "Service" || object.kind === "PodDisruptionBudget") {
    const selector = object.spec.selector?.matchLabels ?? object.spec.selector;
    const target = workloads.find((workload) => selects(selector, workload.spec.template.metadata.labels));
    if (!target) return faults.push(`${where}: selects no pod`);
    const ports = target.spec.template.spec.containers.flatMap((container) => container.ports ?? []);
    for (const port of object.spec.ports ?? []) {
      const found = ports.some(({ name, containerPort }) => [name, containerPort].includes(port.targetPort));
      if (!found) faults.push(`${where}: ${target.metadata.name} has no port ${port.targetPort}`);
    }
  }
  if (object.kind === "HorizontalPodAutoscaler") {
    const { kind, name } = object.spec.scaleTargetRef;
    const found = workloads.some((workload) => workload.kind === kind && workload.metadata.name === name);
    if (!found) faults.push(`${where}: there is no ${kind} ${name} to scale`);
  }
}

function checkSet(objects) {
  const workloads = objects.filter((object) => object.spec?.template?.spec?.containers);
  const configMaps = new Set(objects.filter((object) => object.kind === "ConfigMap").map((map) => map.metadata.name));
  for (const workload of workloads) checkPod(workload, workload.spec.template.spec, configMaps);
  for (const object of objects) {
    checkReferences(object, workloads);
    if (object.kind === "ConfigMap") Object.keys(object.data ?? {}).forEach((key) => checkVariable(nameOf(object), key));
  }
  const denies = (object) => object.kind === "NetworkPolicy" && !object.spec.ingress && !object.spec.egress;
  if (!objects.some(denies)) faults.push("no NetworkPolicy denies by default");
}

function typed(objects) {
  const lines = [];
  objects.forEach((object, index) => {
    lines.push(`import type { ${object.kind} as Type${index} } from "${typeModule(object.apiVersion)}";`);
    lines.push(`// ${nameOf(object)}`);
    lines.push(`export const object${index}: Type${index} = ${JSON.stringify(object, null, 2)};`);
  });
  return lines.join("\n") + "\n";
}

for (const path of sets) {
  const documents = parseAllDocuments(readFileSync(path, "utf8"));
  for (const document of documents) document.errors.forEach((error) => faults.push(`${path}: ${error.message}`));
  const objects = documents.map((document) => document.toJS()).filter((object) => object);
  checkSet(objects);
  writeFileSync(join(work, basename(path, ".yaml") + ".ts"), typed(objects));
}

for (const fault of new Set(faults)) console.error(`k8s: ${fault}`);
process.exit(faults.length > 0 ? 1 : 0);
