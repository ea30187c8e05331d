# podman and buildah with a configuration and a storage of their own, whatever the machine has otherwise.
# shellcheck shell=bash

# use_containers FOLDER STORAGE - FOLDER holds what lasts as long as the run, STORAGE the images. podman refuses a STORAGE
# that it knows with another FOLDER. Where the machine is a sandbox, raising limits is forbidden: containers get no more
# than it has.
use_containers() {
  local folder=$1 storage=$2 files processes
  files=$(at_most 1048576 "$(ulimit -Hn)")
  processes=$(at_most 32768 "$(ulimit -Hu)")
  mkdir -p "$folder" "$storage"
  cat > "$folder/containers.conf" << TOML
[containers]
default_ulimits = ["nofile=$files:$files", "nproc=$processes:$processes"]
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
# Not the one lock in /dev/shm that every other podman of the machine takes.
lock_type = "file"
tmp_dir = "$folder/run/libpod"
volume_path = "$folder/volumes"
TOML
  cat > "$folder/storage.conf" << TOML
[storage]
driver = "$(storage_driver "$storage")"
graphroot = "$storage"
runroot = "$folder/run"
TOML
  # Neither a registry to ask nor a signature to check.
  echo 'unqualified-search-registries = []' > "$folder/registries.conf"
  export CONTAINERS_CONF=$folder/containers.conf CONTAINERS_STORAGE_CONF=$folder/storage.conf
  export CONTAINERS_REGISTRIES_CONF=$folder/registries.conf
}

at_most() { if [[ $2 == unlimited ]] || (($2 > $1)); then echo "$1"; else echo "$2"; fi; }

# storage_driver FOLDER - copies of whole images where one overlay cannot be mounted in FOLDER.
storage_driver() {
  local probe driver=vfs
  probe=$(mktemp -d "$1/probe.XXXXXX")
  mkdir "$probe/lower" "$probe/upper" "$probe/work" "$probe/merged"
  if mount -t overlay overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" "$probe/merged" 2> /dev/null; then
    umount "$probe/merged"
    driver=overlay
  fi
  rm -rf "$probe"
  echo "$driver"
}

# A storage that is in use as a mount point cannot be removed with the folder that it is in.
unmount_storage() {
  local point
  while read -r point; do umount "$point" 2> /dev/null || umount --lazy "$point" || true; done \
    < <(awk -v folder="$1/" 'index($5, folder) == 1 { print $5 }' /proc/self/mountinfo | sort -r)
}
