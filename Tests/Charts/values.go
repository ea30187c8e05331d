package main

import (
	"fmt"
	"os"

	"github.com/ghodss/yaml"
)

// valuesWith are the chart's with those of files over them, the last one's first.
func (c *Chart) valuesWith(files []string) (map[string]interface{}, error) {
	values := c.values
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var over map[string]interface{}
		if err := yaml.Unmarshal(data, &over); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		values = merged(values, over)
	}
	return values, nil
}

// merged is Helm's rule: maps are merged, everything else is replaced, and null takes a key away.
func merged(under, over map[string]interface{}) map[string]interface{} {
	result := map[string]interface{}{}
	for key, value := range under {
		result[key] = value
	}
	for key, value := range over {
		if value == nil {
			delete(result, key)
			continue
		}
		below, isMap := result[key].(map[string]interface{})
		above, isMapToo := value.(map[string]interface{})
		if isMap && isMapToo {
			result[key] = merged(below, above)
		} else {
			result[key] = value
		}
	}
	return result
}
