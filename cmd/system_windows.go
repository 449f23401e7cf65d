package cmd

import (
	"errors"
	"syscall"
)

// noReader reports whether a write failed because the reader of the pipe went
// away. Windows has two numbers for it and never EPIPE itself.
// Source: Microsoft, System Error Codes (0-499): ERROR_BROKEN_PIPE is 109,
// ERROR_NO_DATA ("the pipe is being closed") is 232.
func noReader(err error) bool {
	const noData = syscall.Errno(232)
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, noData) || errors.Is(err, syscall.EPIPE)
}
