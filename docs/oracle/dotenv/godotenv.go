//go:build ignore

// Prints what godotenv makes of a file, as JSON; run.py builds and calls it.
package main

import (
	"bytes"
	"encoding/json"
	"os"

	"github.com/joho/godotenv"
)

func main() {
	b, err := os.ReadFile(os.Args[1])
	if err != nil {
		os.Exit(1)
	}
	m, err := godotenv.Parse(bytes.NewReader(b))
	if err != nil {
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(m)
}
