# What is in the image, and what is not.
# shellcheck shell=bash

chapter "The image holds what its executables need, and nothing else"

version=$(sed -n 's/.*version = "\(.*\)".*/\1/p' Sources/Router/Serving/BuildVersion.swift)
expect "It takes at most 60 MB, uncompressed" is_at_most 60000000 image_bytes
printf '       %s bytes: %s\n' "$(image_bytes)" \
  "$(cd "$root" && du -sb usr/local/bin usr/lib etc var usr/share | awk '{ printf "%s%s %s", separator, $2, $1; separator = ", " }')"
expect "Two programs are there, and so neither a shell nor a package manager" \
  prints $'/usr/local/bin/metrics-router-controller\n/usr/local/bin/metrics-router-server' programs
expect "A script would find nobody to run it" fails_with 'No such file|not found' run_once --entrypoint /bin/sh "$image" -c true
expect "Nothing takes on other rights when it is executed" prints '' found ! -type l -perm /6000
expect "Nor by an extended attribute" prints '' with_attributes
expect "Nothing can be written by others than root" prints '' found ! -type l -perm /0022
expect "Everything belongs to root" prints '' found ! \( -uid 0 -gid 0 \)
expect "There are files, folders and links only" prints '' found ! -type f ! -type d ! -type l
for executable in metrics-router-controller metrics-router-server; do
  expect "No library is missing that $executable needs" prints_match 'libcrypto\.so\.3 => /' loaded "$executable"
  expect "$executable is of the version that the image is said to be of" prints "$executable $version" version_of "$executable"
done
expect "No library is there that neither needs" prints '' idle_libraries
expect "The image says which package each is from, for scanners of vulnerabilities" prints '' unknown_libraries
expect "Public authorities are known" \
  prints_match '^[1-9][0-9]{2}$' grep -c 'BEGIN CERTIFICATE' "$root/etc/ssl/certs/ca-certificates.crt"
expect "Its version is the executables'" prints "$version" label version
expect "Its licence is named" prints Apache-2.0 label licenses
expect "It is run by nobody in particular, by number" prints 65532:65532 configured User
expect "Every file has the time of the commit, whenever it was built" \
  prints "$(git log -1 --format=%ct "$(label revision)")" times
