// Command peak runs a program and prints the largest size it had in memory, in
// KiB. A child that a large process starts is charged with that process's own
// size, so a small one has to start it. Linux only: elsewhere it prints 0.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"reflect"
)

func main() {
	c := exec.Command(os.Args[1], os.Args[2:]...)
	if err := c.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	kib := int64(0)
	if v := reflect.ValueOf(c.ProcessState.SysUsage()); v.Kind() == reflect.Pointer {
		if f := v.Elem().FieldByName("Maxrss"); f.IsValid() {
			kib = f.Int()
		}
	}
	fmt.Println(kib)
}
