//go:build unix

package cmd_test

import (
	"os"
	"runtime"
	"syscall"
)

// rusageMiB is the largest resident size of an ended process. Linux counts in
// KiB, darwin in bytes.
func rusageMiB(s *os.ProcessState) float64 {
	u, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return float64(u.Maxrss) / (1 << 20)
	}
	return float64(u.Maxrss) / (1 << 10)
}
