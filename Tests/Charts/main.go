// Render prints what Helm would make of a chart, as far as the chart in deploy/chart goes: Go's templates with sprig and
// Helm's own functions, the objects that Helm gives to them, and the values of the chart with those of files over them.
// It is no Helm: there are no dependencies, no hooks, no order of objects, no cluster to look things up in, and values are not
// compared with the schema. What Helm lets pass as empty, a value that is not there, is an error here.
//
//	render [-namespace NAME] [-release NAME] [-kube-version VERSION] [-notes | -values] CHART [VALUES.yaml]...
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

func main() {
	release := Release{Service: "Helm", Revision: 1, IsInstall: true}
	flag.StringVar(&release.Namespace, "namespace", "default", "where the release is")
	flag.StringVar(&release.Name, "release", "release-name", "its name")
	kubeVersion := flag.String("kube-version", "v1.20.0", "the cluster's version")
	notes := flag.Bool("notes", false, "print NOTES.txt alone")
	values := flag.Bool("values", false, "render nothing, and print the values as JSON")
	flag.Parse()
	if flag.NArg() < 1 {
		flag.Usage()
		os.Exit(2)
	}
	print := printDocuments
	if *notes {
		print = printNotes
	} else if *values {
		print = printValues
	}
	if err := run(release, *kubeVersion, print, flag.Arg(0), flag.Args()[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "Error: %v\n", err)
		os.Exit(1)
	}
}

func run(release Release, kubeVersion string, print printer, folder string, files []string) error {
	chart, err := loadChart(folder)
	if err != nil {
		return err
	}
	values, err := chart.valuesWith(files)
	if err != nil {
		return err
	}
	capabilities, err := capabilitiesOf(kubeVersion)
	if err != nil {
		return err
	}
	return print(chart, release, capabilities, values)
}

type printer func(*Chart, Release, Capabilities, map[string]interface{}) error

func printValues(_ *Chart, _ Release, _ Capabilities, values map[string]interface{}) error {
	return json.NewEncoder(os.Stdout).Encode(values)
}

func printDocuments(chart *Chart, release Release, capabilities Capabilities, values map[string]interface{}) error {
	documents, err := chart.render(release, capabilities, values)
	for _, document := range documents {
		if !document.isNotes() {
			fmt.Printf("---\n# Source: %s\n%s", document.name, document.text)
		}
	}
	return err
}

func printNotes(chart *Chart, release Release, capabilities Capabilities, values map[string]interface{}) error {
	documents, err := chart.render(release, capabilities, values)
	for _, document := range documents {
		if document.isNotes() {
			fmt.Print(document.text)
		}
	}
	return err
}
