# Each system call by which the routing table is written fails once, and at each the controller is killed once.
# shellcheck shell=bash

# breaks_calls ERROR,...
breaks_calls() {
  local -a ports
  mkdir -p "$work/syscalls"
  command -v strace > /dev/null || { echo "strace is missing: make deps-test"; return 1; }
  read -ra ports <<< "$(free_ports 4)"
  python_seconds=300 python "$here/faults/syscalls.py" "$1" "$products" "$work/syscalls" "${ports[@]}"
}

row "each system call of a write fails, or is the controller's last" \
  "the old table or the new one, whole; told ≤ 5 s; written by itself" breaks_calls "$(number EIO,ENOSPC,EROFS EIO,ENOSPC)"
