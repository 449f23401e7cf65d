package verdict

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// wait is how long the provider asks to wait, in milliseconds, from the most
// exact place: retry-after-ms, retry-after in seconds, Google's RetryInfo, the
// sentence. A retry-after that is a date needs a clock and is not read here.
// Source: openai-go v3.95.0 requestconfig; google.rpc.RetryInfo.
func wait(a Answer, s said) int64 {
	if n, ok := number(header(a, "Retry-After-Ms")); ok {
		return capped(n)
	}
	if n, ok := number(header(a, "Retry-After")); ok {
		return capped(n * 1000)
	}
	if ms, ok := duration(s.delay); ok {
		return ms
	}
	for _, t := range s.texts {
		if m := again().FindStringSubmatch(t); m != nil {
			if ms, ok := duration(m[1]); ok {
				return ms
			}
		}
	}
	return 0
}

// again finds the wait in a sentence.
var again = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:try again|retry)\s+(?:in|after)\s+((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)\s*)+)`)
})

var parts = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(\d+(?:\.\d+)?)\s*(ms|milli|s|m|h|d)`)
})

// duration reads "1m2.5s", "34.07s", "2 seconds", "174ms".
func duration(t string) (ms int64, ok bool) {
	unit := map[string]float64{"ms": 1, "milli": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
	sum := 0.0
	for _, m := range parts().FindAllStringSubmatch(t, -1) {
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return 0, false
		}
		sum, ok = sum+n*unit[strings.ToLower(m[2])], true
	}
	return capped(sum), ok
}

func number(t string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(t), 64)
	return n, err == nil && n >= 0
}

// capped keeps a wait inside a year: more is a slip, and would overflow.
func capped(ms float64) int64 {
	const year = 365 * 86_400_000
	if !(ms > 0) {
		return 0
	}
	return int64(min(ms+0.5, year))
}
