package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/ghodss/yaml"
)

// Chart is a folder as `helm create` lays it out, without subcharts.
type Chart struct {
	metadata  Metadata
	values    map[string]interface{}
	templates map[string]string // by the path below the chart's own folder
	files     Files
}

// Metadata is what templates see of Chart.yaml, under the names that its fields have in Helm's code.
type Metadata struct {
	APIVersion  string            `json:"apiVersion"`
	Name        string            `json:"name"`
	Version     string            `json:"version"`
	AppVersion  string            `json:"appVersion"`
	KubeVersion string            `json:"kubeVersion"`
	Description string            `json:"description"`
	Type        string            `json:"type"`
	Home        string            `json:"home"`
	Icon        string            `json:"icon"`
	Keywords    []string          `json:"keywords"`
	Sources     []string          `json:"sources"`
	Annotations map[string]string `json:"annotations"`
}

// Document is what one template became.
type Document struct{ name, text string }

func (d Document) isNotes() bool { return path.Base(d.name) == "NOTES.txt" }

func loadChart(folder string) (*Chart, error) {
	chart := &Chart{templates: map[string]string{}, files: Files{}}
	ignored, err := ignoredPatterns(filepath.Join(folder, ".helmignore"))
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, file)
		if err != nil || isIgnored(ignored, name) {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		switch {
		case name == "Chart.yaml":
			err = yaml.UnmarshalStrict(data, &chart.metadata)
		case name == "values.yaml":
			err = yaml.Unmarshal(data, &chart.values)
		case strings.HasPrefix(name, "templates/"):
			chart.templates[name] = string(data)
		case name != "values.schema.json" && name != ".helmignore":
			chart.files[name] = data
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	})
	if err == nil && chart.metadata.Name == "" {
		err = fmt.Errorf("%s is no chart: Chart.yaml names none", folder)
	}
	return chart, err
}

// render executes every template but the partial ones, whose names begin with an underscore; in the order of names.
func (c *Chart) render(release Release, capabilities Capabilities, values map[string]interface{}) ([]Document, error) {
	all := template.New("chart").Option("missingkey=error")
	all.Funcs(functions(all))
	var names []string
	for name := range c.templates {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if _, err := all.New(path.Join(c.metadata.Name, name)).Parse(c.templates[name]); err != nil {
			return nil, err
		}
	}
	var documents []Document
	for _, name := range names {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		full := path.Join(c.metadata.Name, name)
		var text strings.Builder
		err := all.ExecuteTemplate(&text, full, map[string]interface{}{
			"Chart":        c.metadata,
			"Values":       values,
			"Release":      release,
			"Capabilities": capabilities,
			"Files":        c.files,
			"Template":     map[string]interface{}{"Name": full, "BasePath": path.Join(c.metadata.Name, "templates")},
		})
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(text.String()) != "" {
			documents = append(documents, Document{full, text.String()})
		}
	}
	return documents, nil
}

// ignoredPatterns are those of .helmignore that this chart has use for: patterns of a name, and folders with `/` at the end.
func ignoredPatterns(file string) ([]string, error) {
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	var patterns []string
	for _, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.HasPrefix(line, "!") || strings.Contains(strings.TrimSuffix(line, "/"), "/") {
			return nil, fmt.Errorf("%s: %s: only names and folders are known here", file, line)
		}
		patterns = append(patterns, line)
	}
	return patterns, err
}

func isIgnored(patterns []string, name string) bool {
	segments := strings.Split(name, "/")
	for _, pattern := range patterns {
		for index, segment := range segments {
			isFolder := index < len(segments)-1
			if strings.HasSuffix(pattern, "/") && !isFolder {
				continue
			}
			if matched, _ := path.Match(strings.TrimSuffix(pattern, "/"), segment); matched {
				return true
			}
		}
	}
	return false
}
