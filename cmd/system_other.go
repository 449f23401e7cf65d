//go:build !windows

package cmd

import (
	"errors"
	"syscall"
)

// noReader reports whether a write failed because the reader of the pipe went
// away.
func noReader(err error) bool { return errors.Is(err, syscall.EPIPE) }
