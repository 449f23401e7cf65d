package check

import (
	"context"
	"fmt"
	"time"

	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/wire"
)

// probe is one call that one or more deployments share.
type probe struct {
	r      *resolve.Resolution // the first of them
	start  time.Time
	done   bool
	answer wire.Probe
	took   time.Duration
	crash  *crash
}

// Progress is how far the probes are. Running and Slow name deployments.
type Progress struct {
	Done, Total int
	Running     []string // in the order in which they began
	Slow        []string // those of Running that take longer than SlowAfter
}

// SlowAfter is when a probe is called slow: most providers answer a free call
// in well under a second.
const SlowAfter = 2 * time.Second

// plan decides who is probed, and who shares a probe: the same address with
// the same key of the same provider gives the same answer.
func (r *run) plan() {
	i := r.index["probe.auth"]
	if !r.sel.asked["probe.auth"] {
		return
	}
	shared := map[string]*probe{}
	for at, res := range r.in.Resolutions {
		if _, _, no := r.barred(r.all[i], Subject{In: r.in, R: res}, at, false); no {
			continue
		}
		id := identity(res)
		if shared[id] == nil {
			shared[id] = &probe{r: res}
		}
		r.probes[at] = shared[id]
	}
}

// identity names what a probe sends. Two keys with one fingerprint and one
// length are taken for the same: the odds are one in four billion.
func identity(r *resolve.Resolution) string {
	method, url, _ := r.ProbeURL()
	return fmt.Sprintf("%s %s\n%s %s %d\n%v %v %v\n%s", method, url, r.Provider.Name, r.Key.Fingerprint(), r.Key.Len(),
		r.Settings["organization"].Value, r.Settings["project"].Value, r.Headers, r.SignIn())
}

// send makes the probes, all at once within Concurrency, and comes back when
// every one has answered or ctx has ended.
func (r *run) send(ctx context.Context) {
	jobs := r.jobs()
	if len(jobs) == 0 {
		return
	}
	queue := make(chan *probe, len(jobs))
	for _, p := range jobs {
		queue <- p
	}
	close(queue)
	w := watch{
		in: r.in, total: len(jobs),
		// Room for every message: a worker is never held up by a watcher that left.
		begun: make(chan begin, len(jobs)), ended: make(chan end, len(jobs)),
	}
	workers := r.in.Concurrency
	if workers <= 0 {
		workers = 16
	}
	for range min(workers, len(jobs)) {
		go func() {
			for p := range queue {
				if ctx.Err() != nil {
					return
				}
				w.begun <- begin{p, r.in.Now()}
				w.ended <- r.try(ctx, p)
			}
		}()
	}
	w.wait(ctx)
}

// jobs are the probes without repetition, in the order of the deployments.
func (r *run) jobs() []*probe {
	var out []*probe
	seen := map[*probe]bool{}
	for at := range r.in.Resolutions {
		if p := r.probes[at]; p != nil && !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

type begin struct {
	p  *probe
	at time.Time
}

type end struct {
	p      *probe
	at     time.Time
	answer wire.Probe
	crash  *crash
}

// try makes one probe within its own time limit.
func (r *run) try(ctx context.Context, p *probe) (e end) {
	e.p = p
	defer func() {
		if v := recover(); v != nil {
			e.crash = newCrash(v)
		}
		e.at = r.in.Now()
	}()
	if r.in.ProbeTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.in.ProbeTimeout)
		defer cancel()
	}
	e.answer = r.in.Probe(ctx, p.r)
	return e
}

// watch follows the probes from one goroutine, so that what it knows needs no
// lock and Observe is never called twice at once.
type watch struct {
	in      *Input
	total   int
	begun   chan begin
	ended   chan end
	done    int
	running []*probe
}

func (w *watch) wait(ctx context.Context) {
	for w.done < w.total {
		// A beat, so that a slow one is named while nothing else happens.
		beat, stop := context.WithTimeout(ctx, time.Second)
		select {
		case b := <-w.begun:
			b.p.start = b.at
			w.running = append(w.running, b.p)
		case e := <-w.ended:
			w.finish(ctx, e)
		case <-beat.Done():
		}
		stop()
		if ctx.Err() != nil {
			w.drain(ctx)
			return
		}
		w.say()
	}
}

// drain takes the answers that came before the end and were not looked at yet.
func (w *watch) drain(ctx context.Context) {
	for {
		select {
		case e := <-w.ended:
			w.finish(ctx, e)
		default:
			return
		}
	}
}

func (w *watch) finish(ctx context.Context, e end) {
	for len(w.begun) > 0 { // its own beginning is there, and may be unread
		b := <-w.begun
		b.p.start = b.at
		w.running = append(w.running, b.p)
	}
	w.done++
	for i, p := range w.running {
		if p == e.p {
			w.running = append(w.running[:i], w.running[i+1:]...)
			break
		}
	}
	if ctx.Err() != nil && e.crash == nil && !e.answer.OK && (e.answer.Code == "run.interrupted" || e.answer.Code == "run.timeout") {
		return // it did not answer: it was cut off with everything else
	}
	e.p.done, e.p.answer, e.p.crash, e.p.took = true, e.answer, e.crash, e.at.Sub(e.p.start)
}

func (w *watch) say() {
	if w.in.Observe == nil {
		return
	}
	now := w.in.Now()
	p := Progress{Done: w.done, Total: w.total}
	for _, x := range w.running {
		p.Running = append(p.Running, x.r.ModelName)
		if now.Sub(x.start) > SlowAfter {
			p.Slow = append(p.Slow, x.r.ModelName)
		}
	}
	w.in.Observe(p)
}
