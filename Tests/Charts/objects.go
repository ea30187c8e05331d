package main

import (
	"encoding/base64"
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/Masterminds/semver"
	"github.com/ghodss/yaml"
)

// Release is the object `.Release`.
type Release struct {
	Name, Namespace, Service string
	IsInstall, IsUpgrade     bool
	Revision                 int
}

// Capabilities is the object `.Capabilities`; which APIs a cluster has is not known here.
type Capabilities struct{ KubeVersion KubeVersion }

// KubeVersion prints as its version does.
type KubeVersion struct{ Version, Major, Minor string }

func (v KubeVersion) String() string { return v.Version }

// GitVersion is the older name of Version.
func (v KubeVersion) GitVersion() string { return v.Version }

func capabilitiesOf(version string) (Capabilities, error) {
	parsed, err := semver.NewVersion(version)
	if err != nil {
		return Capabilities{}, fmt.Errorf("-kube-version %s: %w", version, err)
	}
	return Capabilities{KubeVersion{
		Version: "v" + parsed.String(), Major: fmt.Sprint(parsed.Major()), Minor: fmt.Sprint(parsed.Minor()),
	}}, nil
}

// Files is the object `.Files`: what lies in the chart besides templates and values.
type Files map[string][]byte

// Get is empty for a file that is not there, as in Helm.
func (f Files) Get(name string) string { return string(f[name]) }

// GetBytes is the same as it is.
func (f Files) GetBytes(name string) []byte { return f[name] }

// Lines are those of a file.
func (f Files) Lines(name string) []string {
	text := strings.TrimSuffix(string(f[name]), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// Glob is the files whose path matches, where `*` does not cross a slash.
func (f Files) Glob(pattern string) (Files, error) {
	found := Files{}
	for name, data := range f {
		matched, err := path.Match(pattern, name)
		if err != nil {
			return nil, err
		}
		if matched {
			found[name] = data
		}
	}
	return found, nil
}

// AsConfig is the `data` of a ConfigMap, by the files' own names.
func (f Files) AsConfig() (string, error) {
	return f.asData(func(data []byte) string { return string(data) })
}

// AsSecrets is the `data` of a Secret.
func (f Files) AsSecrets() (string, error) {
	return f.asData(func(data []byte) string { return base64.StdEncoding.EncodeToString(data) })
}

func (f Files) asData(encoded func([]byte) string) (string, error) {
	var names []string
	for name := range f {
		names = append(names, name)
	}
	sort.Strings(names)
	data := map[string]string{}
	for _, name := range names {
		if _, isThere := data[path.Base(name)]; isThere {
			return "", fmt.Errorf("two files are named %s", path.Base(name))
		}
		data[path.Base(name)] = encoded(f[name])
	}
	text, err := yaml.Marshal(data)
	return strings.TrimSuffix(string(text), "\n"), err
}
