package fault

// Finding is one thing that is wrong, or worth knowing, with where it stands
// and what to do. Every source of findings (config lint, .env lint, resolution,
// probes) makes this type, so that there is one way to print, suppress and
// export them. Field names are those of the document llmctl.doctor/v1.
type Finding struct {
	Code       Code       `json:"code"`
	Severity   Severity   `json:"severity"`
	Title      string     `json:"title"`
	Detail     string     `json:"detail"`
	Deployment string     `json:"deployment"` // model_name; "" when it is about a file
	Location   *Location  `json:"location"`   // nil when nothing stands in a file
	Evidence   []Evidence `json:"evidence"`
	Fix        Fix        `json:"fix"`
	Docs       string     `json:"docs"`
	Ignored    *Ignore    `json:"ignored"` // nil unless suppressed
}

// Location is a place in a file. Line and Column count from 1; Column counts
// runes; 0 means the whole file or the whole line.
type Location struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Snippet string `json:"snippet"` // the line, with every credential masked
}

// Evidence is what a claim rests on.
type Evidence struct {
	Kind      string `json:"kind"` // "http", "network", "local"
	Method    string `json:"method"`
	URL       string `json:"url"`
	Status    int    `json:"status"`
	RequestID string `json:"request_id"`
	DecidedBy string `json:"decided_by"` // the header, code or text that decided
	Grade     Grade  `json:"grade"`
}

// Grade says how much a good answer of a probe proves.
type Grade string

// The grades, strongest first. Unproven means that the endpoint answers any
// key: it is never green.
const (
	Proven        Grade = "proven"
	Scoped        Grade = "scoped"
	ShapeOnly     Grade = "shape-only"
	ReachableOnly Grade = "reachable-only"
	Unproven      Grade = "unproven"
)

// Fix is what to do: a sentence, and commands to paste.
type Fix struct {
	Summary  string   `json:"summary"`
	Commands []string `json:"commands"`
}

// Ignore says who suppressed a finding and why.
type Ignore struct {
	By     string `json:"by"` // "--ignore" or "file:line"
	Reason string `json:"reason"`
}

// New makes a finding with the columns of its code. The caller sets what it
// knows beyond the code.
func New(code Code, detail string) Finding {
	row, _ := Lookup(code)
	return Finding{
		Code: code, Severity: row.Severity, Title: row.Title, Detail: detail,
		Evidence: []Evidence{}, Fix: Fix{Summary: row.Hint, Commands: []string{}}, Docs: code.Docs(),
	}
}
