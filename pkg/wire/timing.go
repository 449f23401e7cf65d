package wire

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"sync"
	"time"
)

// Timing says where the time of one call went, in milliseconds since its
// start unless a field says otherwise. 0 means under a millisecond, or that
// the step did not happen (a reused connection has no DNS, connect or TLS).
type Timing struct {
	DNSMS        int64 // how long the name took
	ConnectMS    int64 // how long the TCP connection took
	TLSMS        int64 // how long the handshake took
	FirstByteMS  int64 // until the first byte of the answer
	FirstTokenMS int64 // until the first text or reasoning of a chat
	TotalMS      int64 // until the answer was read or given up
	Reused       bool  // the connection had been used before
}

// clock fills a Timing from the hooks of net/http, which call it from several
// goroutines and may still do so when the call is over.
type clock struct {
	now func() time.Time

	mu                         sync.Mutex
	start, dns, dial, shake    time.Time
	t                          Timing
	firstByte, token, finished bool
}

func newClock(now func() time.Time) *clock {
	if now == nil {
		now = func() time.Time { return time.Time{} }
	}
	return &clock{now: now, start: now()}
}

// at runs set under the lock with the present moment.
func (c *clock) at(set func(now time.Time)) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.finished {
		set(now)
	}
}

func ms(from, to time.Time) int64 { return to.Sub(from).Milliseconds() }

// watch hangs the clock into ctx.
func (c *clock) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:  func(i httptrace.GotConnInfo) { c.at(func(time.Time) { c.t.Reused = i.Reused }) },
		DNSStart: func(httptrace.DNSStartInfo) { c.at(func(now time.Time) { c.dns = now }) },
		DNSDone:  func(httptrace.DNSDoneInfo) { c.at(func(now time.Time) { c.t.DNSMS = ms(c.dns, now) }) },
		ConnectStart: func(string, string) {
			c.at(func(now time.Time) {
				if c.dial.IsZero() { // two families race; the first start counts
					c.dial = now
				}
			})
		},
		ConnectDone: func(_, _ string, err error) {
			c.at(func(now time.Time) {
				if err == nil {
					c.t.ConnectMS = ms(c.dial, now)
				}
			})
		},
		TLSHandshakeStart: func() { c.at(func(now time.Time) { c.shake = now }) },
		TLSHandshakeDone: func(tls.ConnectionState, error) {
			c.at(func(now time.Time) { c.t.TLSMS = ms(c.shake, now) })
		},
		GotFirstResponseByte: func() {
			c.at(func(now time.Time) {
				if !c.firstByte {
					c.firstByte, c.t.FirstByteMS = true, ms(c.start, now)
				}
			})
		},
	})
}

// tokenSeen notes the first text or reasoning.
func (c *clock) tokenSeen() {
	if c.token { // only the reader of the stream calls this
		return
	}
	c.token = true
	c.at(func(now time.Time) { c.t.FirstTokenMS = ms(c.start, now) })
}

// stop ends the clock; later calls change nothing.
func (c *clock) stop() {
	c.at(func(now time.Time) { c.t.TotalMS, c.finished = ms(c.start, now), true })
}

func (c *clock) timing() Timing {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}
