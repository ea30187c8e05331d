# Questions about what is in the image. The sourcing script sets `image`, and `root`, the folder where it is mounted.
# shellcheck shell=bash

# The uncompressed size, of which a node needs that much.
image_bytes() { podman image inspect --format '{{.Size}}' "$image"; }
is_at_most() { seen="$("$2") bytes" && ((${seen% *} <= $1)); }

label() { podman image inspect --format "{{index .Labels \"org.opencontainers.image.$1\"}}" "$image"; }
configured() { podman image inspect --format "{{.Config.$1}}" "$image"; }

# found FIND-EXPRESSION... - what there is of that, by its path in the image.
found() { (cd "$root" && find . "$@" -printf '/%P\n' | sort); }

# In seconds since 1970.
times() { (cd "$root" && find . -mindepth 1 -printf '%Ts\n' | sort -u); }

# Whatever can be executed, libraries and the loader aside.
programs() { found -type f -perm /111 ! -name '*.so' ! -name '*.so.*'; }
libraries() { found \( -type f -o -type l \) \( -name '*.so' -o -name '*.so.*' \); }
with_attributes() {
  python3 -c '
import os, sys
for folder, folders, files in os.walk(sys.argv[1]):
    for path in (os.path.join(folder, name) for name in folders + files):
        if names := os.listxattr(path, follow_symlinks=False):
            print(path, *names)' "$root"
}

run_once() { podman run --rm --network host --read-only --cap-drop all "$@"; }

# loaded EXECUTABLE - what the loader in the image finds for it there.
loaded() {
  local loader
  loader=$(libraries | grep -m1 '/ld-linux')
  run_once --entrypoint "$loader" "$image" --list "/usr/local/bin/$1"
}

# Those that no executable needs.
idle_libraries() {
  comm -23 <(libraries | sed 's|.*/||' | sort -u) \
    <({ loaded metrics-router-controller; loaded metrics-router-server; } | awk '{ print $1 }' | sed 's|.*/||' | sort -u)
}

# Those that are of no package that the image names.
unknown_libraries() {
  local packages=()
  mapfile -t packages < <(ls "$root/var/lib/dpkg/status.d")
  comm -23 <(libraries | sed 's|.*/||' | sort -u) <(dpkg --listfiles "${packages[@]}" 2> /dev/null | sed 's|.*/||' | sort -u)
}

# version_of EXECUTABLE
version_of() { run_once --entrypoint "/usr/local/bin/$1" "$image" --version; }
