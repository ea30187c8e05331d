#!/usr/bin/env python3
"""Plays the one node of a cluster: the scheduler, the kubelet, kube-proxy and DNS, for `Tests/Docs/run`.

Containers are processes of this host, each in a mount namespace of its own with the pod's volumes where the pod wants
them. Executables are taken by their name from a folder, whatever the image. All pods share the network, as with
`hostNetwork`. Services answer at their cluster addresses, which the loopback is given, and by their names, which stand in
a file that the caller has put over /etc/hosts. Needs a network namespace and a mount namespace made for it.

    node.py --apiserver PORT --pki FOLDER --products FOLDER --root FOLDER --hosts FILE

What runs is written to ROOT/containers/NAMESPACE/POD/CONTAINER.{pid,log}.
"""
import argparse
import base64
import http.client
import json
import os
import pathlib
import shlex
import signal
import ssl
import subprocess
import threading
import time

from service_proxy import ServiceProxy

NODE, ADDRESS = "node", "192.0.2.10"
# What is mounted below these is the namespace's own; anything else would leave folders on this host.
MOUNTABLE = ("/var/run/", "/run/", "/tmp/")


class API:
    """The API server, as the administrator."""

    def __init__(self, port, pki):
        self.port = port
        self.context = ssl.create_default_context(cafile=pki / "cluster-ca.crt")
        self.context.load_cert_chain(pki / "admin.crt", pki / "admin.key")

    def call(self, method, path, body=None, kind="application/json"):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=10)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": kind})
            answer = connection.getresponse()
            content = answer.read()
            if answer.status >= 400 and answer.status not in (404, 409):
                raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
            return json.loads(content) if answer.status < 300 else None
        finally:
            connection.close()

    def items(self, path):
        return self.call("GET", path)["items"]


class Container:
    """A container's process, started again whenever it ends."""

    def __init__(self, node, pod, spec):
        self.node, self.pod, self.spec = node, pod, spec
        meta = pod["metadata"]
        self.folder = node.root / "containers" / meta["namespace"] / meta["name"]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process, self.restarts, self.started_at, self.has_started = None, -1, 0.0, False

    def keep_running(self):
        if self.process and self.process.poll() is None:
            return
        if time.time() < self.started_at + 1:
            return
        self.restarts += 1
        self.started_at, self.has_started = time.time(), False
        command = [*self.spec.get("command", []), *self.spec.get("args", [])] or ["sleep", "infinity"]
        executable = self.node.products / os.path.basename(command[0])
        if executable.exists():
            command[0] = str(executable)
        script = "\n".join(["set -e", "mount -t tmpfs tmpfs /run", *self.mounts(), 'exec "$@"'])
        with open(self.folder / f"{self.spec['name']}.log", "ab") as log:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "bash", "-c", script, "container", *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment(), cwd="/")
        (self.folder / f"{self.spec['name']}.pid").write_text(str(self.process.pid))

    def mounts(self):
        volumes = {volume["name"]: volume for volume in self.pod["spec"].get("volumes", [])}
        pairs = [(mount["mountPath"], self.node.volume(self.pod, volumes[mount["name"]]), mount.get("readOnly"))
                 for mount in self.spec.get("volumeMounts", [])]
        account = self.node.account(self.pod)
        if account:
            pairs.append(("/var/run/secrets/kubernetes.io/serviceaccount", account, True))
        for path, folder, read_only in pairs:
            if not path.startswith(MOUNTABLE):
                raise RuntimeError(f"a volume at {path}: only below {MOUNTABLE}")
            target, source = shlex.quote(path), shlex.quote(str(folder))
            yield f"mkdir -p {target} && mount --bind {source} {target}"
            if read_only:
                yield f"mount -o remount,bind,ro {target}"

    def environment(self):
        meta = self.pod["metadata"]
        fields = {"metadata.name": meta["name"], "metadata.namespace": meta["namespace"], "metadata.uid": meta["uid"],
                  "spec.nodeName": NODE, "status.podIP": ADDRESS, "status.hostIP": ADDRESS}
        given = {}
        for variable in self.spec.get("env", []):
            field = variable.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath")
            given[variable["name"]] = fields[field] if field else variable.get("value", "")
        return {"PATH": os.environ["PATH"], "KUBERNETES_SERVICE_HOST": "127.0.0.1",
                "KUBERNETES_SERVICE_PORT": str(self.node.api.port), "HOSTNAME": meta["name"], **given}

    def is_ready(self):
        if not self.process or self.process.poll() is not None:
            return False
        if not self.has_started:
            self.has_started = self.answers("startupProbe")
        return self.has_started and self.answers("readinessProbe")

    def answers(self, name):
        probe = self.spec.get(name, {}).get("httpGet")
        if not probe:
            return True
        ports = {port.get("name"): port["containerPort"] for port in self.spec.get("ports", [])}
        port = ports.get(probe["port"], probe["port"])
        if probe.get("scheme") == "HTTPS":
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = http.client.HTTPSConnection(ADDRESS, port, timeout=2, context=context)
        else:
            connection = http.client.HTTPConnection(ADDRESS, port, timeout=2)
        try:
            connection.request("GET", probe["path"])
            return 200 <= connection.getresponse().status < 400
        except OSError:
            return False
        finally:
            connection.close()

    def end(self, grace):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(grace)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def status(self, ready):
        running = self.process is not None and self.process.poll() is None
        started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.started_at))
        state = {"running": {"startedAt": started}} if running else {"waiting": {"reason": "CrashLoopBackOff"}}
        return {"name": self.spec["name"], "image": self.spec["image"], "imageID": "", "ready": ready, "state": state,
                "started": self.has_started, "restartCount": max(self.restarts, 0)}


class Node:
    def __init__(self, options):
        self.api = API(options.apiserver, options.pki)
        self.pki, self.products, self.root, self.hosts = options.pki, options.products, options.root, options.hosts
        self.pods = {}
        self.proxies = {}
        self.known_hosts = self.hosts.read_text()

    # Volumes

    def volume(self, pod, volume):
        folder = self.root / "volumes" / pod["metadata"]["uid"] / volume["name"]
        folder.mkdir(parents=True, exist_ok=True)
        if "secret" in volume:
            self.fill(folder, pod, volume["secret"])
        elif "emptyDir" not in volume:
            raise RuntimeError(f"volume {volume['name']}: neither emptyDir nor Secret")
        return folder

    def fill(self, folder, pod, source):
        """As kubelet does: what changed is replaced at once, by a rename."""
        secret = self.api.call("GET", f"/api/v1/namespaces/{pod['metadata']['namespace']}/secrets/{source['secretName']}")
        if secret is None and not source.get("optional"):
            raise RuntimeError(f"Secret {source['secretName']} does not exist")
        data = (secret or {}).get("data") or {}
        wanted = {item["key"]: item["path"] for item in source.get("items", [])} or {key: key for key in data}
        for key, path in wanted.items():
            target, content = folder / path, base64.b64decode(data.get(key, ""))
            if content and (not target.exists() or target.read_bytes() != content):
                fresh = target.with_name("..fresh")
                fresh.write_bytes(content)
                fresh.rename(target)

    def account(self, pod):
        """The folder with the token of the pod's ServiceAccount."""
        name, namespace = pod["spec"].get("serviceAccountName"), pod["metadata"]["namespace"]
        if not name or pod["spec"].get("automountServiceAccountToken") is False:
            return None
        folder = self.root / "volumes" / pod["metadata"]["uid"] / "..account"
        if not folder.exists():
            request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
            answer = self.api.call("POST", f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token", request)
            folder.mkdir(parents=True)
            (folder / "token").write_text(answer["status"]["token"])
            (folder / "namespace").write_text(namespace)
            (folder / "ca.crt").write_bytes((self.pki / "cluster-ca.crt").read_bytes())
        return folder

    # Pods

    def look_at_pods(self):
        seen = set()
        for pod in self.api.items("/api/v1/pods"):
            uid = pod["metadata"]["uid"]
            seen.add(uid)
            if "deletionTimestamp" in pod["metadata"]:
                self.end(uid)
                path = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"
                self.api.call("DELETE", path, {"gracePeriodSeconds": 0, "preconditions": {"uid": uid}})
            elif "nodeName" not in pod["spec"]:
                self.bind(pod)
            else:
                self.run(pod)
        for uid in set(self.pods) - seen:
            self.end(uid)

    def bind(self, pod):
        meta = {"name": pod["metadata"]["name"], "namespace": pod["metadata"]["namespace"]}
        self.api.call("POST", f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}/binding",
                      {"apiVersion": "v1", "kind": "Binding", "metadata": meta,
                       "target": {"apiVersion": "v1", "kind": "Node", "name": NODE}})

    def run(self, pod):
        uid = pod["metadata"]["uid"]
        if uid not in self.pods:
            self.pods[uid] = [Container(self, pod, spec) for spec in pod["spec"]["containers"]]
        for volume in pod["spec"].get("volumes", []):
            if "secret" in volume:
                self.volume(pod, volume)
        statuses = []
        for container in self.pods[uid]:
            container.keep_running()
            statuses.append(container.status(container.is_ready()))
        ready = "True" if all(status["ready"] for status in statuses) else "False"
        conditions = [{"type": kind, "status": "True"} for kind in ("Initialized", "PodScheduled")]
        conditions += [{"type": kind, "status": ready} for kind in ("Ready", "ContainersReady")]
        status = {"phase": "Running", "podIP": ADDRESS, "podIPs": [{"ip": ADDRESS}], "hostIP": ADDRESS,
                  "startTime": pod["metadata"]["creationTimestamp"], "conditions": conditions, "containerStatuses": statuses}
        if pod.get("status", {}).get("containerStatuses") != statuses:
            self.api.call("PATCH", f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}/status",
                          {"status": status}, "application/strategic-merge-patch+json")

    def end(self, uid):
        for container in self.pods.pop(uid, []):
            container.end(grace=35)

    # Services

    def look_at_services(self):
        lines, seen = [], set()
        for service in self.api.items("/api/v1/services"):
            meta, spec = service["metadata"], service["spec"]
            address = spec.get("clusterIP")
            if not address or address == "None" or "selector" not in spec:
                continue
            name = f"{meta['name']}.{meta['namespace']}.svc"
            lines.append(f"{address} {name} {name}.cluster.local\n")
            for port in spec["ports"]:
                key = (meta["uid"], address, port["port"])
                seen.add(key)
                if key not in self.proxies:
                    subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=False,
                                   stderr=subprocess.DEVNULL)
                    self.proxies[key] = ServiceProxy(address, port["port"])
                self.proxies[key].target = self.target(meta["namespace"], spec, port)
        for key in set(self.proxies) - seen:
            self.proxies.pop(key).end()
        hosts = self.known_hosts + "".join(lines)
        if self.hosts.read_text() != hosts:
            self.hosts.write_text(hosts)

    def target(self, namespace, spec, port):
        """The address of a pod that the Service selects, by what is known of it here."""
        for containers in self.pods.values():
            pod = containers[0].pod
            labels = pod["metadata"].get("labels", {})
            if pod["metadata"]["namespace"] != namespace or any(labels.get(k) != v for k, v in spec["selector"].items()):
                continue
            wanted = port.get("targetPort", port["port"])
            for container in containers:
                for offered in container.spec.get("ports", []):
                    if wanted in (offered.get("name"), offered["containerPort"]):
                        return (ADDRESS, offered["containerPort"])
            if isinstance(wanted, int):
                return (ADDRESS, wanted)
        return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--apiserver", type=int, required=True)
    for name in ("pki", "products", "root", "hosts"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    node = Node(parser.parse_args())
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    subprocess.run(["ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"], check=True)
    while not ending.wait(0.2):
        for look in (node.look_at_pods, node.look_at_services):
            try:
                look()
            except (RuntimeError, OSError) as error:
                print(f"{look.__name__}: {error}", flush=True)
    for uid in list(node.pods):
        node.end(uid)


main()
