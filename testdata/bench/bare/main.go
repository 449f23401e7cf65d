// Command bare is the floor of the start-up benchmark: a Go program that
// prints a line.
package main

import "os"

func main() { _, _ = os.Stdout.WriteString("bare\n") }
