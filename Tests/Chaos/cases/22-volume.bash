# The volume between controller and server is full, read-only, broken or gone: the last table answers, somebody is told, and
# all is well again without a restart.
# shellcheck shell=bash

# mount_volume FOLDER - one of a megabyte, until the end of the run at the latest.
mount_volume() {
  mkdir -p "$1"
  mount -t tmpfs -o size=1m metrics-router-chaos "$1" || { echo "mounts are not allowed here: run it as root"; return 1; }
  at_the_end unmount "$1"
}
unmount() { ! mountpoint -q "$1" || umount -l "$1"; }

# breaks_volume TROUBLE
breaks_volume() {
  local folder=$work/volume-$1 status=0
  local -a ports
  mount_volume "$folder/volume" || return 1
  read -ra ports <<< "$(free_ports 4)"
  python "$here/faults/volume.py" "$1" "$products" "$folder" "${ports[@]}" || status=$?
  unmount "$folder/volume"
  return "$status"
}

condition_is() {
  [[ $(kubectl get ms "$1" -o jsonpath='{.status.conditions[?(@.type=="Published")].status}') == "$2" ]]
}

# In a cluster the resource says so. The volume comes over the folder that is there, and the controller writes into it what
# is missing.
fills_in_cluster() {
  local began told status=0
  need_cluster
  mount_volume "$work/snapshot" || return 1
  wait_until 5 test -s "$snapshot" || { echo "no table in a volume that is new"; return 1; }
  cat /dev/zero > "$work/snapshot/filler" 2> /dev/null || true
  add_source right 51
  began=${EPOCHREALTIME/./}
  wait_until 10 condition_is right False || { echo "no condition"; status=1; }
  told=$(((${EPOCHREALTIME/./} - began) / 1000))
  echo "condition after $told ms"
  ((told <= 5000)) || status=1
  kubectl get ms right -o jsonpath='{.status.conditions[?(@.type=="Published")].message}{"\n"}'
  wait_until 5 has_event right NotPublished || { echo "no event"; status=1; }
  [[ $(status_of "$pods/*/turn") == 200 ]] || { echo "the server does not answer"; status=1; }
  rm "$work/snapshot/filler"
  wait_until 10 condition_is right True || { echo "the condition stays"; status=1; }
  wait_until 3 has_priority right 51 || { echo "not written again"; status=1; }
  unmount "$work/snapshot"
  add_source right 50
  wait_until 5 has_priority right 50 || { echo "not written without the volume"; status=1; }
  return "$status"
}
has_event() { kubectl get events -n default -o json | jq -e --arg name "$1" --arg reason "$2" '[.items[] | select(.involvedObject.name == $name and .reason == $reason)] | length > 0' > /dev/null; }
has_priority() { jq -e --arg name "$1" --argjson priority "$2" '.sources[] | select(.name == $name) | .priority == $priority' "$snapshot" > /dev/null; }

row "the volume is full" "told ≤ 5 s, old routes serve, written again by itself" breaks_volume full
row "the volume is read-only" "told ≤ 5 s, old routes serve, written again by itself" breaks_volume read-only
row "the table's name is taken by a folder" "told ≤ 5 s, old routes serve, written again by itself" breaks_volume folder
row "the server gets I/O errors when it reads" "told ≤ 5 s, old routes serve, taken afterwards" breaks_volume unreadable
row "the volume goes, its folder goes, the file is edited" "old routes serve, written again ≤ 5 s" breaks_volume removed
row "the volume is full, in a cluster" "condition on the source ≤ 5 s, old routes serve" fills_in_cluster
