package cmd

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// ended is how a command that printed its document says its exit code. It is
// never printed.
type ended struct{ exit fault.Exit }

func (e ended) Error() string { return "ended" }

// interrupted is why a signal ends a context.
func interrupted() error {
	return &fault.Err{Code: "run.interrupted", Message: "interrupted"}
}

// asFault is the one way from an error to a fault and so to an exit code. A
// context that was ended on purpose carries its reason. An error that is none
// of ours is cobra's or pflag's: usage.
func asFault(ctx context.Context, err error) *fault.Err {
	var f *fault.Err
	var path *fs.PathError
	switch {
	case noReader(err):
		return &fault.Err{Code: "run.broken-pipe", Message: "the reader of stdout went away", Cause: err}
	case ctx.Err() != nil && errors.As(context.Cause(ctx), &f), errors.As(err, &f):
		return f
	case errors.As(err, &path) && path.Op == "write":
		return &fault.Err{Code: "run.output", Subject: path.Path, Message: path.Err.Error(), Cause: err}
	}
	return &fault.Err{Code: "usage.invalid", Message: err.Error(), Cause: err}
}

// ofKey completes an error about a key with the key's place: "the source named
// here" is what a person has to look at. A key that stayed at home is named too.
func ofKey(err error, r *resolve.Resolution) error {
	var f *fault.Err
	if !errors.As(err, &f) {
		return err
	}
	row := f.Row()
	switch {
	case row.Key != fault.Bad && row.Exit != fault.ExitRejected:
		return err
	case !r.Key.IsZero():
		e := *f
		e.Message = strings.TrimSuffix(e.Message, ".") + "; the key is " + r.Key.Fingerprint() + " from " + r.KeyOrigin.String()
		if page := r.Provider.KeyPage; page != "" {
			e.Hint = e.Advice() + " (" + page + ")"
		}
		return &e
	}
	for _, n := range r.Notes {
		if n.Code == "binding.loopback" || n.Code == "binding.foreign-host" {
			e := *f
			e.Hint = n.Detail + "; name a key beside the base, or with --key-env"
			return &e
		}
	}
	return err
}
