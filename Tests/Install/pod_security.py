"""The Pod Security Standards, profile `restricted`, as https://kubernetes.io/docs/concepts/security/pod-security-standards/
gives them (1.34), each control under its name there. An API server since 1.23 enforces the same where the namespace's label
`pod-security.kubernetes.io/enforce` says so; this is for those that do not, and says which control is broken.

What is asked is for Linux: a pod that names Windows as its system is refused, though the standard lets it off some controls.
"""

from collections.abc import Callable, Iterator

Control = Callable[[dict], Iterator[str]]
CONTROLS: dict[str, Control] = {}

CAPABILITIES = {
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
    "SETUID", "SYS_CHROOT"}
SYSCTLS = {
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"}
SELINUX_TYPES = {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"}
PROFILES = {"RuntimeDefault", "Localhost"}


def violations(pod: dict) -> list[str]:
    """What keeps the specification of a pod from being admitted; empty for one that is."""
    return [f"{name}: {what}" for name, control in CONTROLS.items() for what in control(pod)]


def control(name: str) -> Callable[[Control], Control]:
    def add(function: Control) -> Control:
        CONTROLS[name] = function
        return function
    return add


def containers(pod: dict) -> Iterator[tuple[str, dict]]:
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for container in pod.get(kind) or []:
            yield f"{kind}[{container.get('name')}]", container


def contexts(pod: dict) -> Iterator[tuple[str, dict]]:
    """The security context of the pod, and that of each container."""
    yield "pod", pod.get("securityContext") or {}
    for where, container in containers(pod):
        yield where, container.get("securityContext") or {}


def container_contexts(pod: dict) -> Iterator[tuple[str, dict]]:
    everything = contexts(pod)
    next(everything)
    yield from everything


# The profile `baseline`, which is part of `restricted`.


@control("HostProcess")
def host_process(pod: dict) -> Iterator[str]:
    if (pod.get("os") or {}).get("name") == "windows":
        yield "os.name is windows"
    for where, context in contexts(pod):
        if (context.get("windowsOptions") or {}).get("hostProcess"):
            yield f"{where}: windowsOptions.hostProcess"


@control("Host Namespaces")
def host_namespaces(pod: dict) -> Iterator[str]:
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(field):
            yield field


@control("Privileged Containers")
def privileged(pod: dict) -> Iterator[str]:
    for where, context in container_contexts(pod):
        if context.get("privileged"):
            yield where


@control("Capabilities (baseline)")
def added_capabilities(pod: dict) -> Iterator[str]:
    for where, context in container_contexts(pod):
        for name in (context.get("capabilities") or {}).get("add") or []:
            if name not in CAPABILITIES:
                yield f"{where} adds {name}"


@control("HostPath Volumes")
def host_paths(pod: dict) -> Iterator[str]:
    for volume in pod.get("volumes") or []:
        if "hostPath" in volume:
            yield volume["name"]


@control("Host Ports")
def host_ports(pod: dict) -> Iterator[str]:
    for where, container in containers(pod):
        for port in container.get("ports") or []:
            if port.get("hostPort"):
                yield f"{where}: {port['hostPort']}"


@control("Host Probes / Lifecycle Hooks (v1.34+)")
def host_probes(pod: dict) -> Iterator[str]:
    for where, container in containers(pod):
        asked = {name: container.get(name) or {} for name in ("livenessProbe", "readinessProbe", "startupProbe")}
        asked |= {f"lifecycle.{name}": hook for name, hook in (container.get("lifecycle") or {}).items()}
        for name, handler in asked.items():
            if any((handler.get(by) or {}).get("host") for by in ("httpGet", "tcpSocket")):
                yield f"{where}: {name} names a host"


@control("AppArmor")
def app_armor(pod: dict) -> Iterator[str]:
    for where, context in contexts(pod):
        kind = (context.get("appArmorProfile") or {}).get("type")
        if kind is not None and kind not in PROFILES:
            yield f"{where}: {kind}"


@control("SELinux")
def selinux(pod: dict) -> Iterator[str]:
    for where, context in contexts(pod):
        options = context.get("seLinuxOptions") or {}
        if options.get("type", "") not in SELINUX_TYPES or options.get("user") or options.get("role"):
            yield where


@control("/proc Mount Type")
def proc_mount(pod: dict) -> Iterator[str]:
    for where, context in container_contexts(pod):
        if context.get("procMount", "Default") != "Default":
            yield where


@control("Sysctls")
def sysctls(pod: dict) -> Iterator[str]:
    for sysctl in (pod.get("securityContext") or {}).get("sysctls") or []:
        if sysctl["name"] not in SYSCTLS:
            yield sysctl["name"]


# What `restricted` adds.


@control("Volume Types")
def volume_types(pod: dict) -> Iterator[str]:
    for volume in pod.get("volumes") or []:
        kinds = set(volume) - {"name"}
        if not kinds or not kinds <= VOLUMES:
            yield f"{volume['name']}: {', '.join(sorted(kinds)) or 'none'}"


@control("Privilege Escalation")
def escalation(pod: dict) -> Iterator[str]:
    for where, context in container_contexts(pod):
        if context.get("allowPrivilegeEscalation") is not False:
            yield f"{where}: allowPrivilegeEscalation must be false"


@control("Running as Non-root")
def non_root(pod: dict) -> Iterator[str]:
    of_pod = (pod.get("securityContext") or {}).get("runAsNonRoot")
    for where, context in container_contexts(pod):
        if context.get("runAsNonRoot", of_pod) is not True:
            yield f"{where}: runAsNonRoot must be true, there or for the pod"


@control("Running as Non-root user")
def non_root_user(pod: dict) -> Iterator[str]:
    for where, context in contexts(pod):
        if context.get("runAsUser") == 0:
            yield f"{where}: runAsUser is 0"


@control("Seccomp")
def seccomp(pod: dict) -> Iterator[str]:
    of_pod = ((pod.get("securityContext") or {}).get("seccompProfile") or {}).get("type")
    if of_pod is not None and of_pod not in PROFILES:
        yield f"pod: {of_pod}"
    for where, context in container_contexts(pod):
        kind = (context.get("seccompProfile") or {}).get("type", of_pod)
        if kind not in PROFILES:
            yield f"{where}: {kind or 'no profile'}, there or for the pod"


@control("Capabilities (restricted)")
def dropped_capabilities(pod: dict) -> Iterator[str]:
    for where, context in container_contexts(pod):
        capabilities = context.get("capabilities") or {}
        if "ALL" not in (capabilities.get("drop") or []):
            yield f"{where} does not drop ALL"
        for name in capabilities.get("add") or []:
            if name != "NET_BIND_SERVICE":
                yield f"{where} adds {name}"
