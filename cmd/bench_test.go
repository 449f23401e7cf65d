package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/sandbox"
)

// BenchmarkStartup runs whole processes, interleaved so that all see the same
// machine: a bare Go program, the libraries without llmctl, and llmctl version.
// It reports the median of each and llmctl's ratio to the skeleton.
// Aim: within 1.5 times the skeleton, under 12 MiB.
func BenchmarkStartup(b *testing.B) {
	bin := b.TempDir()
	programs := []struct {
		name, pkg string
		args      []string
		times     []time.Duration
	}{
		{name: "bare", pkg: "./testdata/bench/bare"},
		{name: "skeleton", pkg: "./testdata/bench/skeleton", args: []string{"version"}},
		{name: "llmctl", pkg: ".", args: []string{"version"}},
	}
	for i := range programs {
		build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(bin, programs[i].name), programs[i].pkg)
		build.Dir = ".."
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			b.Fatalf("%s: %v\n%s", programs[i].pkg, err, out)
		}
	}
	peak := filepath.Join(bin, "peak")
	build := exec.Command("go", "build", "-o", peak, "./testdata/bench/peak")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatal(err, string(out))
	}
	for b.Loop() {
		for i := range programs {
			p := &programs[i]
			c := exec.Command(filepath.Join(bin, p.name), p.args...)
			start := time.Now()
			if out, err := c.CombinedOutput(); err != nil {
				b.Fatalf("%s: %v\n%s", p.name, err, out)
			}
			p.times = append(p.times, time.Since(start))
		}
	}
	for i := range programs {
		p := &programs[i]
		slices.Sort(p.times)
		b.ReportMetric(float64(p.times[len(p.times)/2].Microseconds())/1000, p.name+"-ms")
		if runtime.GOOS == "linux" {
			out, err := exec.Command(peak, append([]string{filepath.Join(bin, p.name)}, p.args...)...).Output()
			kib, perr := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
			if err != nil || perr != nil {
				b.Fatal(err, perr)
			}
			b.ReportMetric(kib/1024, p.name+"-MiB")
		}
	}
	median := func(i int) float64 { return float64(programs[i].times[len(programs[i].times)/2]) }
	b.ReportMetric(median(2)/median(1), "llmctl/skeleton")
}

// BenchmarkDoctorOffline is the largest config of the corpus, from bytes to
// page.
func BenchmarkDoctorOffline(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "corpus", "litellm-configs", "069.yaml"))
	if err != nil {
		b.Skip("no corpus beside the project: ", err)
	}
	w := newWorld(b, map[string]string{"litellm_config.yaml": string(data)})
	for b.Loop() {
		if out, errOut, _ := w.run("doctor", "--offline"); !strings.Contains(out, "doctor:") {
			b.Fatal(out, errOut)
		}
	}
}

// BenchmarkDoctor1000 is a thousand deployments over twenty accounts whose
// providers answer after 100 ms. Aim: within twice the slowest answer, plus start-up.
func BenchmarkDoctor1000(b *testing.B) {
	const delay = 100 * time.Millisecond
	options := sandbox.Options{Keys: map[string][]string{}, Delay: delay}
	// Ten providers, two accounts of each: twenty different probes.
	var yaml strings.Builder
	var env, names []string
	for _, p := range provider.All() {
		if len(names) == 20 || !p.Probe.NeedsKey || p.Base == "" || strings.Contains(p.Base, "{") {
			continue
		}
		for _, account := range []string{"A", "B"} {
			variable := "BENCH_" + strings.ToUpper(p.Name) + "_" + account
			key := "bench-key-" + p.Name + account + "-7c1e5b93f0d2a846"
			names, env = append(names, p.Name+"/sandbox-small, api_key: os.environ/"+variable), append(env, variable+"="+key)
			options.Keys[p.Name] = append(options.Keys[p.Name], key)
		}
	}
	yaml.WriteString("model_list:\n")
	for i := range 1000 {
		fmt.Fprintf(&yaml, "  - model_name: m%d\n    litellm_params: {model: %s}\n", i, names[i%len(names)])
	}
	s, err := sandbox.Start(options)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	w := newWorld(b, map[string]string{"litellm_config.yaml": yaml.String()}, env...)
	w.transport = s.Transport()
	var total time.Duration
	runs := 0
	for b.Loop() {
		start := time.Now()
		if out, errOut, exit := w.run("doctor", "-q"); exit != 0 {
			b.Fatal(exit, out[:min(4000, len(out))], errOut)
		}
		total += time.Since(start)
		runs++
	}
	b.ReportMetric(float64(len(names)), "accounts")
	b.ReportMetric(float64(total)/float64(runs)/float64(delay), "x-slowest-answer")
}
