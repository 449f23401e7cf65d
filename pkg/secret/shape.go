package secret

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// keyLike finds credentials by the prefixes that vendors give them.
// Sources: gitleaks and trufflehog rules, vendors' consoles; read 2026-11-21.
var keyLike = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:sk-(?:ant-|or-|proj-|svcacct-|admin-|None-|service-)?[A-Za-z0-9_-]{12,}|` +
		`gsk_[A-Za-z0-9]{16,}|AIza[\w-]{20,}|AQ\.[\w-]{20,}|ya29\.[\w-]{16,}|xai-[A-Za-z0-9_]{16,}|` +
		`hf_[A-Za-z0-9]{16,}|pplx-[A-Za-z0-9]{16,}|r8_[\w-]{16,}|nvapi-[\w-]{16,}|dapi[a-f0-9]{16,}|` +
		`(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}|ABSK[A-Za-z0-9+/]{40,}={0,2}|` +
		`bedrock-api-key-[A-Za-z0-9+/]{16,}|api_org_[A-Za-z0-9]{16,}|fpk_[A-Za-z0-9]{16,}|` +
		`gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|tgp_v1_[\w-]{16,}|fw_[A-Za-z0-9]{16,}|csk-[\w-]{16,}|` +
		`vck_[\w-]{16,}|sk_[a-f0-9]{24,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)`)
})

var addressLike = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://|^[\w.-]+:\d+|^[\w-]+(\.[\w-]+)+(/|$)|^/|[{$]`)
})

var uuid = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
})

// LooksLikeKey reports whether text has a vendor's key prefix, or is one long
// unbroken word of mixed characters that is no address, no model and no UUID.
// It errs on the side of "yes": a setting that is refused is asked about, a key
// that is printed is lost.
func LooksLikeKey(text string) bool {
	t := strings.TrimSpace(text)
	if vendorKey(t) {
		return true
	}
	if len(t) < 32 || strings.ContainsAny(t, " \t/") || addressLike().MatchString(t) || uuid().MatchString(t) {
		return false
	}
	return random(t)
}

// vendorKey reports whether text begins with a key that has a vendor's prefix;
// a quote and "Bearer " may stand in front. In a URL a key may also stand in
// the user, the path or the query. A host name that begins like a key
// ("sk-lab-cluster.example") is none.
func vendorKey(text string) bool {
	t := strings.TrimSpace(text)
	if _, rest, ok := strings.Cut(t, "://"); ok {
		return urlKey(rest)
	}
	if len(t) < 12 {
		return false // shorter than any prefix with a body
	}
	// A key stands at the start, behind a quote and "Bearer " at most, so the
	// rest of a long text cannot matter.
	loc := keyLike().FindStringIndex(t[:min(len(t), 256)])
	return loc != nil && loc[0] <= len(`"Bearer `) && !hostGoesOn(t[loc[1]:])
}

// urlKey looks at a URL without its scheme.
func urlKey(rest string) bool {
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	for _, loc := range keyLike().FindAllStringIndex(path, -1) {
		if strings.ContainsAny(path[loc[0]:loc[1]], "0123456789") && strings.ContainsAny(path[max(loc[0]-1, 0):loc[0]], "/=?&#:") {
			return true
		}
	}
	if user, _, ok := strings.Cut(host, "@"); ok {
		return keyLike().MatchString(user)
	}
	loc := keyLike().FindStringIndex(host)
	return loc != nil && loc[0] == 0 && !hostGoesOn(host[loc[1]:])
}

// hostGoesOn reports whether what follows a match makes it a host name: another
// label or a port.
func hostGoesOn(rest string) bool {
	if len(rest) < 2 || rest[0] != '.' && rest[0] != ':' {
		return false
	}
	r := rune(rest[1])
	return rest[0] == '.' && (unicode.IsLetter(r) || unicode.IsDigit(r)) || rest[0] == ':' && unicode.IsDigit(r)
}

// random reports whether text is mixed as random characters are: one unbroken
// run of letters and digits, or a change of character class at a quarter of the
// steps. Model names, with their words and dates, change at a tenth of them.
func random(text string) bool {
	var letters, digits, changes, run, longest int
	before := 'x'
	for i, r := range text {
		c := class(r)
		switch c {
		case '-':
			run = 0
		case '0':
			digits++
			run++
		default:
			letters++
			run++
		}
		longest = max(longest, run)
		// "Me" in "Meta" is a word, not a change.
		if i > 0 && c != '-' && before != '-' && c != before && (before != 'X' || c != 'x') {
			changes++
		}
		before = c
	}
	return letters > 0 && digits > 0 && (longest >= 32 || 4*changes >= len(text))
}

// class is 'x', 'X' or '0' for ASCII letters and digits and '-' for the rest.
func class(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z':
		return 'x'
	case r >= 'A' && r <= 'Z':
		return 'X'
	case r >= '0' && r <= '9':
		return '0'
	}
	return '-'
}
