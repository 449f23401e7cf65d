package cmd_test

import "os"

func rusageMiB(*os.ProcessState) float64 { return 0 }
