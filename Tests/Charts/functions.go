package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/ghodss/yaml"
)

// How deep templates may include one another, as in Helm.
const deepestInclude = 1000

// functions are sprig's, without those that would show the environment, and those that Helm adds.
func functions(all *template.Template) template.FuncMap {
	known := sprig.TxtFuncMap()
	delete(known, "env")
	delete(known, "expandenv")
	for name, function := range (template.FuncMap{
		"toYaml":        toYAML,
		"fromYaml":      fromYAML,
		"fromYamlArray": fromYAMLArray,
		"toJson":        toJSON,
		"fromJson":      fromYAML,
		"required":      required,
		"lookup":        lookup,
	}) {
		known[name] = function
	}
	depth := 0
	known["include"] = func(name string, data interface{}) (string, error) {
		if depth++; depth > deepestInclude {
			return "", fmt.Errorf("templates include one another without end: %s", name)
		}
		defer func() { depth-- }()
		var text strings.Builder
		err := all.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	known["tpl"] = func(text string, data interface{}) (string, error) {
		// A copy, so that what the text defines stays its own.
		copied, err := all.Clone()
		if err != nil {
			return "", err
		}
		parsed, err := copied.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var result strings.Builder
		err = parsed.Execute(&result, data)
		return result.String(), err
	}
	return known
}

func toYAML(value interface{}) (string, error) {
	text, err := yaml.Marshal(value)
	return strings.TrimSuffix(string(text), "\n"), err
}

func toJSON(value interface{}) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}

func fromYAML(text string) (map[string]interface{}, error) {
	value := map[string]interface{}{}
	err := yaml.Unmarshal([]byte(text), &value)
	return value, err
}

func fromYAMLArray(text string) ([]interface{}, error) {
	var value []interface{}
	err := yaml.Unmarshal([]byte(text), &value)
	return value, err
}

func required(message string, value interface{}) (interface{}, error) {
	if text, isText := value.(string); value == nil || isText && text == "" {
		return nil, errors.New(message)
	}
	return value, nil
}

// lookup finds nothing, as in `helm template`.
func lookup(apiVersion, kind, namespace, name string) map[string]interface{} {
	return map[string]interface{}{}
}
